"""What must hold on every page, in both languages: WCAG 2.2 AA by axe-core, small screens, large text, a quiet browser.

What a program can't judge (is the text clear, is the order sensible) is looked at by people: `make screenshots`.
"""

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import OpenWindow
from tests.browser.pages import ORGANISER, PARTICIPANT, Place, places
from tests.browser.running import RunningKring, mine_link

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = (Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js").read_text()
VIOLATIONS = """async () => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const found = await axe.run(document, {runOnly: tags});
    return found.violations.map(v => `${v.id}: ${v.nodes.map(n => n.target.join(" ")).join(", ")}`);
}"""
TOO_WIDE = """() => {
    const width = document.documentElement.scrollWidth;
    const over = e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".scroll");
    const culprits = [...document.querySelectorAll("body *")].filter(over).map(e => e.outerHTML.slice(0, 90));
    return width > innerWidth ? [`${width} pixels wide`, ...culprits] : [];
}"""
CUT_OFF = """() => [...document.querySelectorAll("button, a.button, h1, label, caption")]
    .filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX != "visible")
    .map(e => e.outerHTML.slice(0, 90))"""


@pytest.fixture(params=["nl", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def visit(kring: RunningKring, window: OpenWindow, signed_in: Path, language: str) -> "Visit":
    return Visit(kring, window, signed_in, language)


class Visit:
    """Goes past all pages in one language, with one window per kind of reader."""

    def __init__(self, kring: RunningKring, window: OpenWindow, signed_in: Path, language: str) -> None:
        self.kring = kring
        self.language = language
        with_scripts = {"java_script_enabled": True}  # for axe; the pages have none
        self.windows = {ORGANISER: window(**with_scripts, storage_state=signed_in), "else": window(**with_scripts)}

    def __call__(self, place: Place) -> "Page":
        page = self.windows.get(place.reader, self.windows["else"])
        path = place.path
        if place.reader == PARTICIPANT:
            page.goto(mine_link(self.kring.mail_to("deelnemer40@")))
            path = page.url.partition("?")[0] + place.path
        page.goto(f"{path}{'&' if '?' in path else '?'}lang={self.language}")
        assert page.locator("html").get_attribute("lang") == self.language, place.name
        return page


def test_axe_finds_nothing(kring: RunningKring, visit: Visit) -> None:
    found = {}
    for place in places(kring):
        page = visit(place)
        page.evaluate(AXE)
        if violations := page.evaluate(VIOLATIONS):
            found[place.name] = violations
    assert found == {}


@pytest.mark.parametrize(("width", "text"), [(320, "100%"), (640, "200%")], ids=["phone", "large text"])
def test_nothing_is_cut_off_or_needs_sideways_scrolling(
    kring: RunningKring, visit: Visit, width: int, text: str
) -> None:
    found = {}
    for place in places(kring):
        page = visit(place)
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("size => document.documentElement.style.fontSize = size", text)
        if wrong := page.evaluate(TOO_WIDE) + page.evaluate(CUT_OFF):
            found[place.name] = wrong
    assert found == {}


def test_the_browser_has_nothing_to_complain_about(kring: RunningKring, visit: Visit) -> None:
    """No error on its console (a violated policy is one), and nothing from another host."""
    complaints: list[str] = []
    for page in visit.windows.values():
        page.on("console", lambda said: complaints.append(f"{said.type}: {said.text}"))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request", lambda request: complaints.append(request.url) if _is_elsewhere(kring, request.url) else None
        )
        page.on("requestfailed", lambda request: complaints.append(f"{request.url}: {request.failure}"))
    for place in places(kring):
        visit(place)
    expected = [said for said in complaints if "status of 40" in said]  # three pages of the list are errors on purpose
    assert len(expected) == 3, complaints
    assert complaints == expected


def _is_elsewhere(kring: RunningKring, url: str) -> bool:
    return urlsplit(url).scheme != "data" and not url.startswith(kring.address)
