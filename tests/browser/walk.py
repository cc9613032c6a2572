"""Past all pages with several windows at once: each page is opened once a language, and asked everything there."""

import asyncio
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from playwright.async_api import ViewportSize, async_playwright

from tests.browser.pages import ERASED, MEMBER, ORGANISER, OWNER, VISITOR, Place, places
from tests.browser.running import RunningKring, chromium_options

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Page, Request, Response, Route, StorageState

WINDOWS = 3
"""How many are open at once: while one waits for an answer the others go on."""

PHONE, LARGE_TEXT = ViewportSize(width=320, height=640), ViewportSize(width=640, height=640)

_AS_TYPED = 'The specified value "x" '
"""Chromium remarks that it can't show what was typed wrong."""

_LEFT = "net::ERR_ABORTED"

_PRESSES_BY_ITSELF = re.compile(r"/static/(sign_in_back|signed_in)\b")
"""Scripts that lead on from their page before anybody can look: who has none sees that page."""

_TAB = {"type": "rawKeyDown", "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
NODE_MODULES = Path(__file__).parents[2] / "node_modules"
AXE, CHECKS = NODE_MODULES / "axe-core/axe.min.js", Path(__file__).with_name("checks.js")


@dataclass
class Seen:
    """A page as it was seen: its place and language, the addresses that led to it, and what was wrong, by check."""

    name: str
    language: str
    method: str
    asked: list[str]
    status: int
    body: bytes
    facts: Mapping[str, Any]
    faults: dict[str, list[str]] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"


@dataclass
class Walk:
    """What was seen, what was asked without giving a page, and how large each file is that pages load."""

    seen: list[Seen] = field(default_factory=list)
    handed_in: set[tuple[str, str]] = field(default_factory=set)
    files: dict[str, bytes] = field(default_factory=dict)

    def faults(self, check: str) -> dict[str, list[str]]:
        """What one check found, by page."""
        return {str(page): page.faults[check] for page in self.seen if page.faults.get(check)}


def walk(kring: RunningKring) -> Walk:
    """Go past all pages in both languages, and hand in what is found there: nobody else should need this Kring.

    In a thread of its own: the other stories' browser already has an event loop in this one.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, _walk(kring)).result()


async def _walk(kring: RunningKring) -> Walk:
    found, all_places = Walk(), places(kring)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**chromium_options())
        signed_in = await _sign_in(browser, kring)
        for language in ("nl", "en"):
            scripts = [AXE, CHECKS] if language == "nl" else [CHECKS]
            given: dict[str, Any] = {"base_url": kring.address, "viewport": PHONE}
            contexts = {
                ORGANISER: await browser.new_context(**given, storage_state=signed_in),
                VISITOR: await browser.new_context(**given),
            }
            for reader, visits in ((MEMBER, kring.member), (OWNER, kring.owner), (ERASED, kring.erased)):
                contexts[reader] = await browser.new_context(**given)
                await contexts[reader].add_cookies(
                    [{"name": name, "value": value, "url": kring.address} for name, value in visits.cookies.items()]
                )
            for context in contexts.values():
                await _begin_sessions(context)
                await context.route(_PRESSES_BY_ITSELF, _do_nothing)
            remaining = iter(all_places)
            async with asyncio.TaskGroup() as windows:
                for _ in range(WINDOWS):
                    pages = {reader: await _tab(context, scripts) for reader, context in contexts.items()}
                    window = Window(kring, found, language, pages, only_in_another(kring, language))
                    windows.create_task(window.past(remaining))
        await browser.close()
    return found


async def _sign_in(browser: "Browser", kring: RunningKring) -> "StorageState":
    """Use the printed link, which works once; gives what the browser of an organiser remembers."""
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(kring.sign_in_link)
    await page.locator("main form button").click()
    await page.wait_for_url("**/registration/desk")
    state = await context.storage_state()
    await context.close()
    return state


async def _do_nothing(route: "Route") -> None:
    """Give a script that does nothing."""
    await route.fulfill(body="", content_type="text/javascript")


async def _begin_sessions(context: "BrowserContext") -> None:
    """Two tabs that open their first form at the same moment would each begin a session, and lose one."""
    for form in ("/feedback?page=/", "/registration/sign-in", "/notifications/subscriptions"):
        await context.request.get(form)


async def _tab(context: "BrowserContext", scripts: Sequence[Path]) -> "Page":
    page = await context.new_page()
    for script in scripts:
        await page.add_init_script(path=script)
    return page


def only_in_another(kring: RunningKring, language: str) -> list[str]:
    """The titles, names of parts and questions of the demonstration that nobody has put into ``language``."""
    states = ("draft", "published", "cancelled", "held")
    lists = (*(f"/v1/meetings?status={state}" for state in states), "/v1/knowledge", "/v1/stories", "/v1/manifests")
    texts = chain.from_iterable(_texts(kring.get(path)) for path in lists)
    # a word alone may be a name, which is the same in both
    return sorted({text for each in texts if language not in each for text in each.values() if " " in text})


def _texts(thing: Any) -> Iterator[dict[str, str]]:
    """All that is kept by language, however deep it lies in a JSON document."""
    if isinstance(thing, dict) and thing and thing.keys() <= {"nl", "en"}:
        yield thing
    elif isinstance(thing, dict | list):
        for each in thing.values() if isinstance(thing, dict) else thing:
            yield from _texts(each)


class Window:
    """One window with a tab per kind of reader, in one language; several of them share what ``found`` gathers.

    ``foreign`` are texts that are not there in that language.
    """

    def __init__(
        self, kring: RunningKring, found: Walk, language: str, tabs: Mapping[str, "Page"], foreign: Sequence[str]
    ) -> None:
        self.address, self.found, self.language, self.tabs = kring.address, found, language, tabs
        self.known = (kring.address, kring.issuer or kring.address)
        self.foreign = json.dumps(foreign)
        self.complaints: list[str] = []
        for tab in tabs.values():
            self._listen(tab)

    def _listen(self, page: "Page") -> None:
        """To errors on the browser's console (a violated policy is one), and to requests at an unknown host.

        An aborted request is what the browser itself gave up when it left the page; one that the server or a policy
        ended is called otherwise.
        """
        say = self.complaints.append
        page.on("console", lambda said: None if _AS_TYPED in said.text else say(f"{said.type}: {said.text}"))
        page.on("pageerror", lambda error: say(str(error)))
        page.on("request", lambda asked: say(asked.url) if self._is_elsewhere(asked.url) else None)
        page.on(
            "requestfailed",
            lambda request: None if request.failure == _LEFT else say(f"{request.url}: {request.failure}"),
        )

    def _is_elsewhere(self, url: str) -> bool:
        return urlsplit(url).scheme != "data" and not url.startswith(self.known)

    async def past(self, remaining: Iterator[Place]) -> None:
        """Take place after place until there are none."""
        for place in remaining:
            await self._visit(place)

    async def _visit(self, place: Place) -> None:
        page, path = self.tabs[place.reader], place.address(self.language)
        if place.link:
            await page.goto(place.link)
        answer = await self._arrive(page, path)
        if place.typed is not None:
            answer = await self._hand_in(page, f"checks.fill({json.dumps(place.typed)}, {json.dumps(place.button)})")
        if place.follow:
            link = page.locator(f"a[href^='{place.follow}'], code:has-text('{place.follow}')").first
            answer = await self._arrive(page, await link.get_attribute("href") or await link.inner_text())
        here = page.url if place.follow else urljoin(self.address, path)
        seen = await self._look(page, answer, place.name, place.status)
        if self.language != "nl" or place.only_asks:
            return
        for number, form in enumerate(seen.facts["forms"]):
            what = urlsplit(form["action"]).path, " ".join(form["names"])
            if what in self.found.handed_in:
                continue
            self.found.handed_in.add(what)
            if page.url != here:
                await self._arrive(page, here)
            answer = await self._hand_in(page, f"checks.spoil({number})")
            if answer.request.redirected_from is None:
                refused = await self._look(page, answer, f"{place.name}, wrong input {number}", 400)
                refused.faults["errors"] = await page.evaluate("checks.faultsOfErrors()")

    async def _arrive(self, page: "Page", path: str) -> "Response":
        answer = await page.goto(path)
        assert answer is not None, path
        return answer

    async def _hand_in(self, page: "Page", script: str) -> "Response":
        async with page.expect_navigation() as navigation:
            await page.evaluate(script)
        return await navigation.value

    async def _look(self, page: "Page", answer: "Response", name: str, status: int) -> Seen:
        body, facts = await asyncio.gather(answer.body(), page.evaluate(f"checks.facts({self.foreign})"))
        seen = Seen(name, self.language, answer.request.method, _asked(answer), answer.status, body, facts)
        self.found.seen.append(seen)
        for url in set(facts["loaded"]) - set(self.found.files):
            self.found.files[url] = await (await page.request.get(url)).body()
        faults = seen.faults
        faults["status"] = [] if seen.status == status else [str(seen.status)]
        faults["phone"] = await page.evaluate("checks.misfits('100%')")
        if self.language != "nl":
            await page.set_viewport_size(LARGE_TEXT)
            faults["large text"] = await page.evaluate("checks.misfits('200%')")
        else:
            faults["axe"] = await page.evaluate("checks.axe()")
            new_looks = await page.evaluate("checks.beginWithNewLooks()")
            faults["light"] = await page.evaluate("checks.colours()") if new_looks else []
            faults["keyboard"] = await self._by_keyboard(page)
            await page.set_viewport_size(LARGE_TEXT)
            faults["large text"] = await page.evaluate("checks.misfits('200%')")
            faults["dark"] = await self._in_the_dark(page) if new_looks else []
        await page.set_viewport_size(PHONE)
        expected = {f"error: Failed to load resource: the server responded with a status of {status}"}
        faults["browser"] = [said for said in self.complaints if said.partition(" (")[0] not in expected]
        self.complaints.clear()
        return seen

    async def _in_the_dark(self, page: "Page") -> list[str]:
        await page.emulate_media(color_scheme="dark")
        faults: list[str] = await page.evaluate("checks.colours()")
        await page.emulate_media(color_scheme="light")
        return faults

    async def _by_keyboard(self, page: "Page") -> list[str]:
        """Press Tab past everything; the presses follow each other without waiting for an answer to each."""
        keyboard = await page.context.new_cdp_session(page)
        presses = await page.evaluate("checks.beginAtTheTop()")
        await asyncio.gather(*(keyboard.send("Input.dispatchKeyEvent", _TAB) for _ in range(presses)))
        faults: list[str] = await page.evaluate("checks.faultsOfKeyboard()")
        await keyboard.detach()
        return faults


def _asked(answer: "Response") -> list[str]:
    """The paths that were asked, up to this answer."""
    request: Request | None = answer.request
    paths = []
    while request is not None:
        paths.append(urlsplit(request.url).path)
        request = request.redirected_from
    return paths
