"""One Kring with the demonstration and one chromium for all stories; each story has a window of its own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.running import RunningKring, chromium, sign_in

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

OpenWindow = Callable[..., "Page"]


@pytest.fixture(scope="session")
def kring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningKring]:
    running = RunningKring(tmp_path_factory.mktemp("kring"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def signed_in(browser: "Browser", kring: RunningKring, tmp_path_factory: pytest.TempPathFactory) -> "Path":
    """What the browser of an organiser remembers: the printed link works once, so one story's worth is kept."""
    state = tmp_path_factory.mktemp("browser") / "organiser.json"
    context = browser.new_context(base_url=kring.address, java_script_enabled=False, locale="nl-NL")
    sign_in(context.new_page(), kring)
    context.storage_state(path=state)
    context.close()
    return state


@pytest.fixture(params=["without", "with"])
def scripts(request: pytest.FixtureRequest) -> str:
    """How a browser runs JavaScript: a story that asks for this is told twice."""
    return str(request.param)


@pytest.fixture
def window(browser: "Browser", kring: RunningKring) -> Iterator[OpenWindow]:
    """`window()` opens one without JavaScript, in Dutch; Playwright's options change that."""
    with windows(browser, kring) as opener:
        yield opener


@contextmanager
def windows(browser: "Browser", kring: RunningKring) -> Iterator[OpenWindow]:
    """What opens windows on Kring, which are closed at the end of the block."""
    opened: list[BrowserContext] = []

    def open_window(**options: Any) -> "Page":
        given: dict[str, Any] = {"base_url": kring.address, "java_script_enabled": False, "locale": "nl-NL"} | options
        opened.append(browser.new_context(**given))
        return opened[-1].new_page()

    yield open_window
    for context in opened:
        context.close()
