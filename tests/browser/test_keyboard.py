"""With a keyboard only: one sees where one is, goes past all that can be used in its order, and can skip the menu."""

from itertools import pairwise
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.running import RunningKring

FOCUSED = """() => {
    const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
    return {name: e.id || e.textContent.trim(), y: box.top + scrollY, outline: style.outlineStyle,
            width: parseFloat(style.outlineWidth), shown: box.width > 0 && box.bottom > 0 && box.top < innerHeight};
}"""
NAMES = "elements => elements.filter(e => e.checkVisibility()).map(e => e.id || e.textContent.trim())"
EVERYTHING = "a[href], button, input:not([type=hidden]), select, textarea, [tabindex='0']"


def test_one_sees_where_one_is_and_passes_everything_in_its_order(kring: RunningKring, window: OpenWindow) -> None:
    page = window(java_script_enabled=True)  # to ask where the focus is; no page but the door has scripts
    for address in ("/meetings", f"/registration/meetings/{kring.meeting('Marktdag')['slug']}"):
        page.goto(address)
        stops = _walk(page)
        assert {stop["name"] for stop in stops} >= set(page.locator(EVERYTHING).evaluate_all(NAMES))
        assert [stop for stop in stops if stop["outline"] == "none" or stop["width"] < 2 or not stop["shown"]] == []
        upwards = [(a, b) for a, b in pairwise(stops[1:]) if b["y"] <= a["y"] - 60]
        assert upwards == []


def test_the_skip_link_is_the_first_stop_and_leads_past_the_menu(window: OpenWindow) -> None:
    page = window()
    page.goto("/meetings")
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    expect(skip).to_have_text("Naar de inhoud")
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("id", "region")


def test_signing_up_without_a_mouse(kring: RunningKring, window: OpenWindow) -> None:
    page = window()
    page.goto(f"/registration/meetings/{kring.meeting('Marktdag')['slug']}")
    page.locator("#main").focus()
    for _ in range(2):  # the meeting, then the first field
        page.keyboard.press("Tab")
    for text in ("Toets Enbord", "toets@waterschap.example", "Almere", "inko"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("U heeft een plek")


def _walk(page: Page) -> list[Any]:
    """Every stop up to the last link of the footer; a date is several stops, for its day, month and year."""
    stops = [_tab(page)]
    while stops[-1]["name"] != "Voor programmeurs":
        stops.append(_tab(page))
        assert len(stops) < 200, "the footer is never reached"
    return stops


def _tab(page: Page) -> Any:
    page.keyboard.press("Tab")
    return page.evaluate(FOCUSED)
