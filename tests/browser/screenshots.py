"""`make screenshots`: the pictures of the README and of docs/, taken from a demonstration of their own.

    python -m tests.browser.screenshots [FOLDER]

With a FOLDER, every page in it instead, in both languages, narrow and wide: for people to look at.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page

from tests.browser.pages import ORGANISER, Place, places
from tests.browser.running import RunningKring, chromium, sign_in
from tests.waiting import eventually

PICTURES = Path(__file__).parents[2] / "docs" / "screenshots"
ON_A_PHONE = (360, 720)
LEFT_THERE = "Nog hoogstens 5 plekken"
"""What stands on the page of the meeting that is shown, once all who signed up are counted."""
SHOWN = {
    "start": (1000, 900),
    "meetings": (1000, 900),
    "meeting": (1000, 900),
    "sign-up": (1000, 900),
    "subscribe": (1000, 700),
    "reach": (1000, 900),
    "knowledge": (1000, 900),
    "mine": (1000, 900),
    "organise-meeting": (1000, 900),
    "desks": (1000, 900),
    "desk": (1000, 1100),
    "desk-plan": (1000, 900),
    "invite-target-groups": (1000, 900),
    "calendars": (1000, 800),
    "reach-exact": (1000, 1000),
    "knowledge-item": (1000, 900),
    "door": (360, 1200),
}
"""Width and height of each; a picture is one screen, not the whole page."""


class Camera:
    """Opens any page as its reader sees it."""

    def __init__(self, browser: Browser, kring: RunningKring) -> None:
        self.kring = kring
        self.visitor = browser.new_page(base_url=kring.address, java_script_enabled=False)
        self.organiser = browser.new_page(base_url=kring.address, java_script_enabled=False)
        sign_in(self.organiser, kring)

    def show(self, place: Place, language: str, size: tuple[int, int]) -> Page:
        """The page, opened in that language on a screen of that size."""
        page = self.organiser if place.reader == ORGANISER else self.visitor
        page.set_viewport_size({"width": size[0], "height": size[1]})
        if place.link:
            page.goto(place.link)
        page.goto(place.address(language))
        return page


def for_the_docs(camera: Camera, folder: Path) -> None:
    """The pages that README and docs show, in Dutch, and the list of meetings on a phone.

    They show how full each meeting is; that is told to the public at most once a minute.
    """
    slug = camera.kring.meeting("Startbijeenkomst inkopersgroep")["slug"]
    eventually(lambda: LEFT_THERE in camera.kring.page(f"/meetings/{slug}?lang=nl"), seconds=120)
    for place in places(camera.kring):
        if place.name in SHOWN:
            camera.show(place, "nl", SHOWN[place.name]).screenshot(path=folder / f"{place.name}.png")
        if place.name == "meetings":
            camera.show(place, "nl", ON_A_PHONE).screenshot(path=folder / "phone.png")


def of_everything(camera: Camera, folder: Path) -> None:
    """Every page that has an address, from top to bottom, in both languages, at two widths."""
    for place in (each for each in places(camera.kring) if each.typed is None and not each.follow):
        for language in ("nl", "en"):
            for width in (320, 1100):
                page = camera.show(place, language, (width, 800))
                page.screenshot(path=folder / f"{place.name}-{language}-{width}.png", full_page=True)


def main(folder: str | None = None) -> None:
    """Start a demonstration in a folder that goes away, and take the pictures."""
    goes_to = Path(folder) if folder else PICTURES
    goes_to.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as data, chromium() as browser:
        kring = RunningKring(Path(data))
        try:
            (of_everything if folder else for_the_docs)(Camera(browser, kring), goes_to)
        finally:
            kring.stop()
    print(f"Pictures are in {goes_to}")


if __name__ == "__main__":
    main(*sys.argv[1:])
