"""Kring as `make run` starts it, with the demonstration, and the browser that looks at it."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from playwright.sync_api import Browser, Page, sync_playwright

from deploy.process import free_ports
from shared.defaults import with_defaults
from shared.people.links import Links
from tests.notifications.answering import answer
from tests.notifications.office import Mail
from tests.waiting import eventually

MANAGER_KEY = "the-key-of-the-first-manager"
MEMBER_ADDRESS = "deelnemer2@gm0106.example"
"""Somebody of the demonstration who takes part in the network and asks for something."""

OWNER_ADDRESS = "deelnemer1@gm0034.example"
"""Somebody of the demonstration who looks into what is kept of them."""

MY_DATA = "/registration/my-data"

READY: dict[str, Any] = {
    "startsAt": "2031-06-12T14:00",
    "endsAt": "2031-06-12T17:00",
    "region": "PV26",
    "organiser": {"name": "Programmabureau", "email": "programma@kring.example"},
    "venue": {"name": "Stadhuis", "city": "Amersfoort"},
}
"""A meeting that can be published once it has a title and seats."""

UP = re.compile(r"Sign in as the first manager, once: (\S+)")


class RunningKring:
    """One embedded process in a folder of its own, on a free port; ``issuer``: where organisers sign in too."""

    def __init__(self, folder: Path, issuer: str = "", **settings: str) -> None:
        self.folder = folder
        self.issuer = issuer
        self.output = folder / "said.txt"
        port = free_ports(1)[0]
        self.address = f"http://127.0.0.1:{port}"
        self.visits = requests.Session()
        self.visits.headers["Authorization"] = f"Bearer {MANAGER_KEY}"
        given = {"KRING_DATA": str(folder), "PORT": str(port), "KRING_MANAGER_KEY": MANAGER_KEY, **settings}
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "deploy.embedded"],
                env={**os.environ, **given},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        eventually(lambda: UP.search(self._said()) or self.process.poll() is not None, seconds=300)
        assert self.process.poll() is None, self._said()

    @property
    def sign_in_link(self) -> str:
        """The link that was printed for the first manager."""
        found = UP.search(self._said())
        assert found, self._said()
        return found[1]

    def get(self, path: str) -> Any:
        """What the API answers to a program with the manager's key."""
        answer = self.visits.get(self.address + path, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def send(self, method: str, path: str, document: object) -> requests.Response:
        """Have the API do something, with the manager's key."""
        answer = self.visits.request(method, self.address + path, json=document, headers={"If-Match": "*"}, timeout=30)
        answer.raise_for_status()
        return answer

    def published(self, title: str, seat_plan: dict[str, Any]) -> Any:
        """A meeting of a story's own, in five years, as soon as one can sign up for it."""
        made = self.send("POST", "/v1/meetings", READY | {"title": {"nl": title}, "seatPlan": seat_plan}).json()
        self.send("POST", f"/v1/meetings/{made['id']}/publication", {})
        eventually(
            lambda: self.visits.get(f"{self.address}/registration/v1/meetings/{made['id']}/seats", timeout=30).ok
        )
        return made

    def sign_up(self, meeting: Any, email: str, name: str = "Eva Eerder") -> None:
        """Somebody signs up by another way than the browser."""
        person = {
            "name": name,
            "email": email,
            "organisation": "Amersfoort",
            "targetGroup": "inkoper",
            "language": "nl",
        }
        self.send("POST", f"/registration/v1/meetings/{meeting['id']}/registrations", person)

    def leads_to(self, path: str) -> str:
        """The path to which a link sends its reader on."""
        return urlsplit(requests.get(self.address + path, allow_redirects=False, timeout=30).headers["Location"]).path

    def guest(self, meeting: Any, status: str) -> Any:
        """The first registration for a meeting that stands so."""
        return self.get(f"/registration/v1/meetings/{meeting['id']}/registrations?status={status}")[0]

    def page(self, path: str) -> str:
        """What anyone gets to see, as HTML."""
        return requests.get(self.address + path, timeout=30).text

    def meeting(self, start_of_title: str) -> Any:
        """The meeting of the programme whose Dutch title begins like that."""
        everything = [
            m for status in ("published", "cancelled", "held") for m in self.get(f"/v1/meetings?status={status}")
        ]
        return next(m for m in everything if m["title"]["nl"].startswith(start_of_title))

    def mail_to(self, address: str, subject: str = "") -> EmailMessage:
        """The newest mail to an address, with that in its subject, as soon as it lies in the folder."""
        found = eventually(lambda: self._mail(address, subject))
        assert found, "eventually gives what is there"
        return found

    def link_in(self, mail: EmailMessage, path: str) -> str:
        """The link in the plain text of a mail that leads to ``path``; without our own address."""
        plain = mail.get_body(("plain",))
        assert plain is not None
        found = re.search(rf"{re.escape(self.address)}({re.escape(path)}\S+)", plain.get_content())
        assert found, plain.get_content()
        return found[1]

    def own_link(self, registration: Any) -> str:
        """The path of the link to somebody's registration, as their mails held it: old ones are gone."""
        keys = with_defaults({"KRING_DATA": str(self.folder)}, "registration")["LINK_KEYS"]
        return f"/registration/mine/{Links([keys]).sign('mine', registration['id'], 1)}"

    def asked_link(self, page: str, email: str) -> str:
        """The path of the link that is mailed to who asks for one on a page; an address gets only a few an hour."""
        asked = _handed_in(requests.Session(), self.address + page, email=email)
        assert asked.status_code == HTTPStatus.ACCEPTED, asked.text
        return self.link_in(self.mail_to(email, "Uw link"), f"{page}/")

    @cached_property
    def member(self) -> requests.Session:
        """The browser of somebody of the network, signed in with a link by mail."""
        member, home = requests.Session(), "/registration/network"
        link = self.asked_link(f"{home}/sign-in", MEMBER_ADDRESS)
        assert _handed_in(member, self.address + link).url == self.address + home
        return member

    @cached_property
    def owner(self) -> requests.Session:
        """The browser in which somebody of the demonstration opened what is kept of them."""
        return self._opened(OWNER_ADDRESS)

    @cached_property
    def erased(self) -> requests.Session:
        """The browser of somebody who was erased, in every part of the site."""
        browser, erase = self._opened("wissen@bezoeker.example"), f"{self.address}{MY_DATA}/erase"
        receipts = _handed_in(browser, erase).url
        eventually(lambda: "Alle delen van de site zijn klaar" in browser.get(receipts, timeout=30).text)
        return browser

    def gathered(self) -> str:
        """The path of all that is kept of the owner, as soon as every part of the site has answered."""
        home = f"{self.address}{MY_DATA}"
        page = _handed_in(self.owner, f"{home}/mine", to=f"{home}/exports").url
        eventually(lambda: f"{urlsplit(page).path}/file" in self.owner.get(page, timeout=30).text)
        return urlsplit(page).path

    def member_finds(self, path: str) -> str:
        """The first address that begins so in the directory, as the member sees it."""
        people = self.member.get(f"{self.address}/registration/network/people", timeout=30).text
        found = re.search(rf'href="({re.escape(path)}[^"]+)"', people)
        assert found, people
        return found[1]

    def answer_of_a_stranger(self, mail: EmailMessage) -> None:
        """Somebody whom the invitation was forwarded to says no to it."""
        no = answer(
            Mail("", mail.as_bytes()), "DECLINED", sender="carla@elders.example", ATTENDEE="mailto:c@elders.example"
        )
        (self.folder / "mail" / "replies" / "no.eml").write_bytes(no)

    def ask_to_be_invited(self, address: str) -> None:
        """Ask for invitations to a region and role, which has to be confirmed by mail."""
        wish = {"name": "Noor", "email": address, "targetGroup": "inkoper", "regions": ["PV26"], "language": "nl"}
        requests.post(f"{self.address}/notifications/v1/subscriptions", json=wish, timeout=30).raise_for_status()

    def stop(self) -> None:
        """As Ctrl-C does."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)
        self.visits.close()

    def _opened(self, email: str) -> requests.Session:
        """The browser in which somebody opened what is kept of them, with a link by mail."""
        browser = requests.Session()
        opened = _handed_in(browser, self.address + self.asked_link(MY_DATA, email))
        assert opened.url == f"{self.address}{MY_DATA}/mine", opened.text
        return browser

    def _mail(self, address: str, subject: str) -> EmailMessage | None:
        for file in sorted(
            (self.folder / "mail" / "sent").glob("*.eml"), key=lambda f: f.stat().st_mtime, reverse=True
        ):
            mail = message_from_bytes(file.read_bytes(), policy=policy.default)
            if address in mail["To"] and subject in mail["Subject"]:
                return mail
        return None

    def _said(self) -> str:
        return self.output.read_text()


def _handed_in(browser: requests.Session, form: str, to: str = "", **typed: str) -> requests.Response:
    """What follows when the form on a page is handed in without a script; ``to`` another address than the page's."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(form, timeout=30).text)
    assert token, form
    return browser.post(to or form, data={"csrf_token": token[1], **typed}, headers={"Referer": form}, timeout=30)


def mine_link(mail: EmailMessage) -> str:
    """The link to one's own registration, which stands alone on a line of the plain text."""
    plain = mail.get_body(("plain",))
    assert plain is not None
    found = re.search(r"^(http\S+/registration/mine/\S+)$", plain.get_content().replace("\r", ""), re.MULTILINE)
    assert found, plain.get_content()
    return found[1]


def sign_in(page: Page, kring: RunningKring) -> None:
    """Use the printed link: it shows a button, and the button signs in."""
    page.goto(kring.sign_in_link)
    page.locator("main form button").click()


@contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's chromium, for stories told one step after the other."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium_options())
        yield browser
        browser.close()


def chromium_options() -> dict[str, Any]:
    """How the machine's chromium is started; nothing is downloaded."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert program, "no chromium: install the packages of tests/system-packages.txt"
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []  # chromium's sandbox refuses to run as root
    return {"executable_path": program, "args": flags}
