"""The door of a meeting on a phone: with scripts a tap outlives a bad connection, without them a button just posts."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.running import RunningKring

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

TITLE = "Startbijeenkomst inkopersgroep"
PHONE = {"width": 320, "height": 640}


def came(kring: RunningKring, name: str) -> bool:
    people = kring.get(f"/registration/v1/meetings/{kring.meeting(TITLE)['id']}/registrations?status=attended")
    return name in {person["name"] for person in people}


@pytest.fixture
def guests(kring: RunningKring) -> list[str]:
    """The names of those with a seat who did not come yet."""
    people = kring.get(f"/registration/v1/meetings/{kring.meeting(TITLE)['id']}/registrations?status=confirmed")
    return [person["name"] for person in people]


@pytest.fixture
def door(kring: RunningKring, window: OpenWindow, signed_in: Path) -> Callable[..., "Page"]:
    """Opens the door in a window with these options."""

    def open_door(**options: object) -> "Page":
        page = window(storage_state=signed_in, viewport=PHONE, **options)
        page.goto(f"/registration/check-in/{kring.meeting(TITLE)['slug']}")
        return page

    return open_door


def test_without_scripts_a_button_posts(kring: RunningKring, door: Callable[..., "Page"], guests: list[str]) -> None:
    page = door()

    page.get_by_role("button", name=f"Aanwezig: {guests[0]}").click()

    expect(page.get_by_role("button", name=f"Toch niet aanwezig: {guests[0]}")).to_be_visible()
    assert came(kring, guests[0])


def test_what_is_tapped_without_a_connection_is_sent_when_there_is_one(
    kring: RunningKring, door: Callable[..., "Page"], guests: list[str]
) -> None:
    page = door(java_script_enabled=True)
    first, second = guests[:2]
    present = int(page.locator("#present").inner_text())

    page.context.set_offline(True)
    for name in (first, second):
        page.get_by_role("button", name=f"Aanwezig: {name}", exact=True).click()
    card = page.get_by_role("listitem").filter(has_text=first)
    expect(card.get_by_text("nog niet verstuurd")).to_be_visible()
    expect(card.get_by_text("✓ Aanwezig")).to_be_visible()
    expect(page.locator("#present")).to_have_text(str(present + 2))
    expect(page.get_by_text("Geen verbinding.")).to_be_visible()
    page.get_by_role("button", name=f"Toch niet aanwezig: {second}").click()
    assert not came(kring, first)

    page.context.set_offline(False)

    expect(page.locator("[data-says=unsent]:visible")).to_have_count(0)
    assert came(kring, first)
    assert not came(kring, second)
    expect(page.locator("#connection")).to_be_empty()


def test_a_tap_outlives_the_page_and_twice_is_once(
    kring: RunningKring, door: Callable[..., "Page"], guests: list[str]
) -> None:
    page = door(java_script_enabled=True)
    name, present = guests[0], int(page.locator("#present").inner_text())
    lost: list[int] = []

    def lose_the_answer(route: "Route") -> None:
        """The server hears it; the browser hears nothing back."""
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/registration/check-in/*/*", lose_the_answer, times=1)
    page.get_by_role("button", name=f"Aanwezig: {name}", exact=True).click()
    expect(page.get_by_text("Geen verbinding.")).to_be_visible()
    assert lost == [200]
    with page.expect_request("**/registration/check-in/*/*") as again:
        page.reload()

    assert again.value.method == "POST"
    expect(page.locator("[data-says=unsent]:visible")).to_have_count(0)
    page.reload()
    expect(page.locator("#present")).to_have_text(str(present + 1))
    assert came(kring, name)


def test_the_list_is_searched_without_a_connection(door: Callable[..., "Page"], guests: list[str]) -> None:
    page = door(java_script_enabled=True)
    code = page.get_by_role("listitem").filter(has_text=guests[1]).get_attribute("data-code")
    assert code

    page.context.set_offline(True)
    page.get_by_label("Naam of organisatie").fill(guests[0].upper())
    expect(page.get_by_role("heading", name=guests[0])).to_be_visible()
    expect(page.get_by_role("heading", name=guests[1])).to_be_hidden()
    page.get_by_label("Code op de badge").fill(code.lower())
    page.get_by_role("button", name="Zoeken").click()
    expect(page.get_by_role("listitem").filter(has_text=guests[1])).to_be_focused()
    page.get_by_label("Code op de badge").fill("00000000")
    page.get_by_role("button", name="Zoeken").click()
    expect(page.get_by_text("Geen verbinding.")).to_be_visible()
    expect(page.get_by_role("heading", name=guests[1])).to_be_visible()


def test_a_browser_that_cannot_read_badges_says_so(door: Callable[..., "Page"]) -> None:
    page = door(java_script_enabled=True)
    can = page.evaluate("'BarcodeDetector' in window && !!navigator.mediaDevices")

    shown, other = ("#camera", "#no-camera") if can else ("#no-camera", "#camera")

    expect(page.locator(shown)).to_be_visible()
    expect(page.locator(other)).to_be_hidden()
