"""Every theme can be read by day and by night, and on paper nothing is dark: seen on pages that hold each component."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shared.themes import coming_along, read_theme
from tests.browser.conftest import OpenWindow
from tests.browser.running import RunningKring

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

AXE = (Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js").read_text()
TOO_FAINT = """async () => {
    const found = await axe.run(document, {runOnly: ["color-contrast"], resultTypes: ["violations"]});
    return found.violations.flatMap(v => v.nodes.map(n => `${n.target.join(" ")}: ${n.any[0].message}`));
}"""


def in_theme(page: "Page", theme: str) -> None:
    """The pages as with ``THEME=theme``: its tokens have the last word in the stylesheet."""

    def dress(route: "Route") -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text() + read_theme(theme).tokens)

    page.route("**/look.css*", dress)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("theme", coming_along())
def test_everything_can_be_read(
    kring: RunningKring, window: OpenWindow, signed_in: Path, theme: str, scheme: str
) -> None:
    page = window(java_script_enabled=True, color_scheme=scheme, storage_state=signed_in)
    in_theme(page, theme)
    full = kring.meeting("Inspiratiesessie maatschappelijk verantwoord inkopen Rivierenland")
    faint = {}
    for path in ("/", "/knowledge", f"/registration/meetings/{full['slug']}", f"/registration/desk/{full['slug']}"):
        page.goto(path)
        if path.startswith("/registration/meetings"):
            page.locator("main form[method=post] button").last.click()  # nothing was filled in
            page.locator("#errors").wait_for()
        page.evaluate(AXE)
        faint[path] = page.evaluate(TOO_FAINT)
    assert {path: found for path, found in faint.items() if found} == {}


def test_on_paper_there_is_no_night_and_nothing_to_click(
    kring: RunningKring, window: OpenWindow, signed_in: Path
) -> None:
    page = window(java_script_enabled=True, color_scheme="dark", storage_state=signed_in)
    full = kring.meeting("Inspiratiesessie maatschappelijk verantwoord inkopen Rivierenland")
    page.goto(f"/registration/desk/{full['slug']}/attendees")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("table").first.is_visible()
    assert page.locator("button:visible, nav:visible, select:visible, footer:visible").count() == 0
