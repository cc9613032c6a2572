"""Every theme can be read by day and by night, on paper, and in colours that a reader forces upon the page.

Seen on pages that hold each component.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shared.themes import coming_along, read_theme
from tests.browser.conftest import OpenWindow
from tests.browser.running import RunningKring
from tests.browser.walk import AXE as AXE_FILE
from tests.browser.walk import CHECKS as CHECKS_FILE
from tests.browser.walk import PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Route

AXE, CHECKS = AXE_FILE.read_text(), CHECKS_FILE.read_text()
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


SAYS_NOTHING = """() => [...document.querySelectorAll(".chart")].flatMap(chart => {
    const ink = getComputedStyle(document.body).color, parts = [...chart.querySelectorAll("rect, path, text")];
    const isSeen = ({fill, stroke}) => [fill, stroke].some(each => each === ink || each.startsWith("url"));
    return parts.filter(part => !isSeen(getComputedStyle(part))).map(part => part.outerHTML);
})"""
"""Parts of charts in a colour of our own, which may be that of the ground which the reader chose."""


@pytest.mark.parametrize("ground", ["light", "dark"])
def test_in_forced_colours_nothing_is_lost(
    kring: RunningKring, window: OpenWindow, signed_in: Path, ground: str
) -> None:
    page = window(
        java_script_enabled=True, forced_colors="active", color_scheme=ground, storage_state=signed_in, viewport=PHONE
    )
    full = kring.meeting("Inspiratiesessie maatschappelijk verantwoord inkopen Rivierenland")
    came = kring.meeting("Slotbijeenkomst")
    desk, mail = "/registration/desk", "/notifications/mailroom/meetings"
    paths = ("/reach", f"{desk}/{full['slug']}", f"{desk}/{came['slug']}/advice", f"{mail}/{full['id']}")
    for path in (f"/registration/meetings/{full['slug']}", *paths):
        page.goto(path)
        page.evaluate(AXE)
        page.evaluate(CHECKS)
        presses = page.evaluate("checks.beginAtTheTop()")
        for _ in range(presses):
            page.keyboard.press("Tab")
        assert page.evaluate("checks.faultsOfKeyboard()") == [], path
        assert page.evaluate(TOO_FAINT) == [], path
        assert page.evaluate(SAYS_NOTHING) == [], path
        for bar in page.locator("progress, meter").all()[:1]:
            assert_seen(bar, "element => element.value = element.value ? 0 : element.max")
        for kind in ("radio", "checkbox"):
            for choice in page.locator(f"main [type={kind}]:visible").all()[:1]:
                assert_seen(choice, "element => element.checked = !element.checked")


def assert_seen(element: "Locator", change: str) -> None:
    """What an element says can be seen: it looks otherwise when that changes."""
    before = element.screenshot()
    element.evaluate(change)
    assert element.screenshot() != before, element
