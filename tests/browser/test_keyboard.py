"""With a keyboard only one skips the menu and signs up; that all can be reached is seen on every page."""

from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.running import RunningKring
from tests.browser.walk import PHONE


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
    page.get_by_label("Naam").focus()
    for text in ("Toets Enbord", "toets@waterschap.example"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Space")  # the first role
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # it unfolds where another organisation can be typed
    page.keyboard.press("Tab")
    page.keyboard.type("Almere")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("U heeft een plek")


def test_on_a_phone_the_menu_unfolds_and_folds_without_a_script(window: OpenWindow) -> None:
    page = window(viewport=PHONE)
    page.goto("/")
    menu, button = page.get_by_role("navigation", name="Hoofdmenu"), page.get_by_role("button", name="Menu")
    expect(menu).to_be_hidden()
    button.press("Enter")
    expect(menu.get_by_role("link", name="Bijeenkomsten")).to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Bijeenkomsten")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()
    page.set_viewport_size({"width": 1024, "height": 640})
    expect(menu).to_be_visible()
    expect(button).to_be_hidden()
