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
    const found = await axe.run(document, {runOnly: tags, resultTypes: ["violations"]});
    return found.violations.map(v => `${v.id}: ${v.nodes.map(n => n.target.join(" ")).join(", ")}`);
}"""
TOO_WIDE = """() => {
    const width = document.documentElement.scrollWidth;
    const over = e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".scroll");
    const culprits = [...document.querySelectorAll("body *")].filter(over).map(e => e.outerHTML.slice(0, 90));
    return width > innerWidth ? [`${width} pixels wide`, ...culprits] : [];
}"""
CUT_OFF = """() => [...document.querySelectorAll("button, a.utrecht-button-link, h1, label, caption")]
    .filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX != "visible")
    .map(e => e.outerHTML.slice(0, 90))"""


SIZES = {"phone": (320, "100%"), "large text": (640, "200%")}
"""How wide the window is, in pixels, and how large the text."""


class Walk:
    """Goes past all pages in one language, with one window per kind of reader, and keeps what is found, by page."""

    def __init__(self, kring: RunningKring, window: OpenWindow, signed_in: Path, language: str) -> None:
        self.kring, self.language = kring, language
        with_scripts = {"java_script_enabled": True}  # for axe; the pages have none
        self.windows = {ORGANISER: window(**with_scripts, storage_state=signed_in), "else": window(**with_scripts)}
        self.mine = ""
        self.violations: dict[str, list[str]] = {}
        self.misfits: dict[str, dict[str, list[str]]] = {size: {} for size in SIZES}
        self.complaints: list[str] = []
        for page in self.windows.values():
            self._listen(page)
        for place in places(kring):
            self._look(place)

    def _listen(self, page: "Page") -> None:
        """To errors on the browser's console (a violated policy is one), and to requests at another host."""
        page.on("console", lambda said: self.complaints.append(f"{said.type}: {said.text}"))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda asked: self.complaints.append(asked.url) if self._is_elsewhere(asked.url) else None)
        page.on("requestfailed", lambda request: self.complaints.append(f"{request.url}: {request.failure}"))

    def _look(self, place: Place) -> None:
        page = self._open(place)
        page.evaluate(AXE)
        if violations := page.evaluate(VIOLATIONS):
            self.violations[place.name] = violations
        for size, (width, text) in SIZES.items():
            page.set_viewport_size({"width": width, "height": 800})
            page.evaluate("size => document.documentElement.style.fontSize = size", text)
            if wrong := page.evaluate(TOO_WIDE) + page.evaluate(CUT_OFF):
                self.misfits[size][place.name] = wrong
        page.set_viewport_size({"width": 1280, "height": 720})

    def _open(self, place: Place) -> "Page":
        page = self.windows.get(place.reader, self.windows["else"])
        path = place.path
        if place.reader == PARTICIPANT:
            path = self._mine(page) + place.path
        page.goto(f"{path}{'&' if '?' in path else '?'}lang={self.language}")
        assert page.locator("html").get_attribute("lang") == self.language, place.name
        return page

    def _mine(self, page: "Page") -> str:
        """The address of a participant's own page, once their link was opened."""
        if not self.mine:
            page.goto(mine_link(self.kring.mail_to("deelnemer40@", "U heeft een plek")))
            self.mine = page.url.partition("?")[0]
        return self.mine

    def _is_elsewhere(self, url: str) -> bool:
        return urlsplit(url).scheme != "data" and not url.startswith(self.kring.address)


@pytest.fixture(scope="module", params=["nl", "en"])
def walk(request: pytest.FixtureRequest, kring: RunningKring, open_window: OpenWindow, signed_in: Path) -> Walk:
    return Walk(kring, open_window, signed_in, request.param)


def test_axe_finds_nothing(walk: Walk) -> None:
    assert walk.violations == {}


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_cut_off_or_needs_sideways_scrolling(walk: Walk, size: str) -> None:
    assert walk.misfits[size] == {}


def test_the_browser_has_nothing_to_complain_about(walk: Walk) -> None:
    expected = [said for said in walk.complaints if "status of 40" in said]  # three pages are errors on purpose
    assert len(expected) == 3, walk.complaints
    assert walk.complaints == expected
