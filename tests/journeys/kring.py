"""All of Kring as people meet it: addresses to ask, commands to give, mail in a folder; on whichever ground it runs."""

import os
import re
import secrets
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import create_server
from typing import Any

import click
import waitress
from click.testing import CliRunner
from sqlalchemy import delete, func, select
from werkzeug.test import Client, TestResponse

from deploy.assembly import Assembly
from services.catalog import app as catalog
from services.catalog.settings import read_settings as catalog_settings
from services.notifications import app as notifications
from services.notifications.settings import read_settings as notifications_settings
from services.registration import app as registration
from services.registration.commands import add_commands
from services.registration.settings import read_settings as registration_settings
from shared.db.wake import Bell
from shared.service import Service, settle
from shared.web.app import settings_of
from tests.grounds import Ground
from tests.journeys.pages import Form, form_of
from tests.notifications.office import Mail
from tests.waiting import eventually

BASE_URL = "http://127.0.0.1:8000"
MANAGER_KEY = "the-key-of-the-first-manager"
MANAGER = {"Authorization": f"Bearer {MANAGER_KEY}"}
ROOT = Path(__file__).parents[2]
SERVICES = ("catalog", "registration", "notifications")

READY: dict[str, Any] = {
    "title": {"nl": "Samen circulair inkopen", "en": "Buying circular together"},
    "startsAt": "2027-06-10T14:00",
    "endsAt": "2027-06-10T17:00",
    "region": "PV26",
    "targetGroups": ["inkoper", "beleidsmaker"],
    "organiser": {"name": "Provincie Utrecht", "email": "mvi@provincie.example"},
    "venue": {"name": "Stadhuis", "address": "Stadsplateau 1", "postalCode": "3521 AZ", "city": "Utrecht"},
    "seatPlan": {"capacity": 10},
}
"""A meeting that can be published."""


@dataclass
class Clock:
    """Stands still until a story moves it. Any thread may look."""

    now: datetime = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Visitor:
    """Someone with a browser that runs no scripts, and keeps its cookies."""

    client: Client

    def get(self, address: str, **options: Any) -> TestResponse:
        return self.client.get(_path(address), **options)

    def open(self, address: str) -> TestResponse:
        """Follow a link, wherever it leads."""
        return self.client.get(_path(address), follow_redirects=True)

    def press(self, page: TestResponse, **typed: str) -> TestResponse:
        """Fill in the page's form and press its button; what the page had filled in goes along."""
        form = form_of(page.text)
        return self.submit(replace(form, action=form.action or page.request.path), **typed)

    def submit(self, form: Form, **typed: str) -> TestResponse:
        assert form.method == "post"
        unknown = typed.keys() - form.fields.keys() - form.choices.keys()
        assert not unknown, f"no such field on the page: {unknown}"
        return self.client.post(_path(form.action), data={**form.fields, **typed}, follow_redirects=True)


@dataclass
class Kring:
    """The installation, and what surrounds it in a story."""

    assembly: Assembly
    clock: Clock
    folder: Path
    environments: Mapping[str, dict[str, str]]
    _seen: set[str] = field(default_factory=set)

    def visitor(self) -> Visitor:
        return Visitor(Client(self.assembly))

    @property
    def databases(self) -> dict[str, str]:
        """The address of each service's database."""
        return {name: given["DATABASE_URL"] for name, given in self.environments.items()}

    def settle(self) -> None:
        """Let everything that was said be heard, and everything that follows from it happen."""
        settle_all(*self.assembly.services)

    def ask(self, method: str, path: str, headers: Mapping[str, str] = MANAGER, **sent: Any) -> TestResponse:
        """Call the API: as the manager, unless ``headers`` say otherwise."""
        return Client(self.assembly).open(path, method=method, headers=headers, **sent)

    def publish(self, **changes: Any) -> dict[str, Any]:
        """Draft and publish a meeting, and let it be known everywhere."""
        draft = self.ask("POST", "/v1/meetings", json={**READY, **changes})
        assert draft.status_code == 201, draft.text
        published = self.ask("POST", f"/v1/meetings/{draft.json['id']}/publication")  # type: ignore[index]  # an object
        assert published.status_code == 200, published.text
        self.settle()
        meeting: dict[str, Any] = published.json  # type: ignore[assignment]  # an object
        return meeting

    def sign_up(
        self, meeting: Mapping[str, Any], name: str, group: str = "inkoper", headers: Any = (), **more: Any
    ) -> TestResponse:
        wish = {"name": name, "email": f"{name.lower()}@gemeente.example", "targetGroup": group, **more}
        return self.ask(
            "POST", f"/registration/v1/meetings/{meeting['id']}/registrations", headers=dict(headers), json=wish
        )

    def seats(self, meeting: Mapping[str, Any]) -> dict[str, Any]:
        answer = self.ask("GET", f"/registration/v1/meetings/{meeting['id']}/seats")
        assert isinstance(answer.json, dict)
        return answer.json

    def attendees(self, meeting: Mapping[str, Any]) -> list[str]:
        """The names of those who come, as the organiser sees them."""
        answer = self.ask("GET", f"/registration/v1/meetings/{meeting['id']}/attendees")
        return [person["name"] for person in answer.json or []]

    def all_mail(self) -> list[Mail]:
        return [Mail(path.name, path.read_bytes()) for path in sorted((self.folder / "sent").glob("*.eml"))]

    def new_mail(self) -> dict[str, list[Mail]]:
        """Settle; what arrived since this was asked last, per address in ``To``."""
        self.settle()
        found: dict[str, list[Mail]] = {}
        for mail in self.all_mail():
            if mail.name not in self._seen:
                found.setdefault(mail.message["To"].addresses[0].addr_spec, []).append(mail)
        self._seen |= {mail.name for mails in found.values() for mail in mails}
        return found

    def drop(self, source: bytes) -> Path:
        """Hand a mail in, as a mail program beside it would; gives the file, which has been there for a while."""
        folder = self.folder / "replies"
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{secrets.token_hex(8)}.eml"
        file.write_bytes(source)
        os.utime(file, (0, 0))
        return file

    def command(self, *arguments: str) -> str:
        """A command of registration, by the clock of the story; gives what it printed."""
        service = self.assembly.registration
        commands = add_commands(click.Group(), lambda: (service.database, settings_of(service.app)))
        done = CliRunner().invoke(commands, arguments)
        assert done.exit_code == 0, (done.output, done.exception)
        return done.output.strip()

    def sign_in_link(self) -> str:
        """What the command of that name prints, also where workers of this process write their log meanwhile."""
        (link,) = re.findall(r"https?://\S+", self.command("sign-in-link"))
        return str(link)

    def process(self, service: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command as the program it is."""
        return subprocess.run(
            [sys.executable, "-m", f"services.{service}", *arguments],
            cwd=ROOT,
            env={**os.environ, **self.environments[service]},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    @contextmanager
    def served(self) -> Iterator[str]:
        """A real web server on a port of its own; gives the address it answers at."""
        with create_server(("127.0.0.1", 0)) as socket:
            server = waitress.create_server(self.assembly, sockets=[socket], threads=4)
            thread = threading.Thread(target=server.run)
            thread.start()
            try:
                yield f"http://127.0.0.1:{socket.getsockname()[1]}"
            finally:
                server.close()
                thread.join()

    def again(self) -> "Kring":
        """The same installation after all its processes ended, on the same databases and mail folder."""
        self.close()
        return replace(self, assembly=assemble(self.environments, self.clock))

    def close(self) -> None:
        close(self.assembly)


def found_kring(ground: Ground, folder: Path, clock: Clock | None = None, **settings: str) -> Kring:
    """An installation on new databases, with the reference data known everywhere; ``settings`` are for all three.

    What there is before a story begins is the same for all that begin at the same moment with the same settings: it is
    made once on each ground, and copied.
    """
    clock = clock or Clock()
    begins = clock()
    databases = ground.copies(f"kring {begins} {settings}", lambda: _founded(ground, folder, Clock(begins), settings))
    environments = _environments(databases, ground.broker_url, folder, settings)
    kring = Kring(assemble(environments, clock), clock, folder / "mail", environments)
    kring.settle()
    return kring


def _founded(ground: Ground, folder: Path, clock: Clock, settings: Mapping[str, str]) -> Mapping[str, str]:
    """The databases of an installation whose services have heard of each other's reference data, and ended."""
    databases = {name: ground.database_url(name) for name in SERVICES}
    broker_url = f"memory://{secrets.token_hex(8)}"
    assembly = assemble(_environments(databases, broker_url, folder, settings), clock)
    settle_all(*assembly.services)
    for service in assembly.services:
        with service.database.begin() as tx:
            tx.session.execute(delete(service.database.flow.lease))  # nobody leads whom the next would wait for
    close(assembly)
    return databases


def _environments(
    databases: Mapping[str, str], broker_url: str, folder: Path, settings: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    return {
        name: {
            "BASE_URL": BASE_URL,
            "DATABASE_URL": databases[name],
            "BROKER_URL": broker_url,
            "SECRET_KEY": "s" * 20 + "0123456789abcdef",
            "LINK_KEYS": "k" * 20 + "0123456789abcdef",
            "ERASURE_KEYS": "e" * 20 + "0123456789abcdef",
            "MAIL_URL": f"folder:{folder / 'mail'}",
            "REPLIES_URL": f"folder:{folder / 'mail' / 'replies'}",
            "MAIL_DOMAIN": "kring.example",
            "KRING_MANAGER_KEY": MANAGER_KEY,
            "LIMITS": "off",
            **settings,
        }
        for name in SERVICES
    }


def assemble(environments: Mapping[str, Mapping[str, str]], clock: Any) -> Assembly:
    """The three services for what their environments set, on databases that are migrated already."""
    bell = Bell()
    return Assembly(
        catalog.build(catalog_settings(environments["catalog"]), bell=bell, clock=clock),
        registration.build(registration_settings(environments["registration"]), bell=bell, clock=clock),
        notifications.build(notifications_settings(environments["notifications"]), bell=bell, clock=clock),
        bell,
    )


def settle_all(*services: Service) -> None:
    """Pulse until all are quiet and everything that was published has arrived: a broker takes its moment."""

    def quiet() -> bool:
        settle(*services)
        return all(
            _published(publisher) == _arrived(receiver, publisher.name)
            for publisher in services
            for receiver in services
            if publisher is not receiver
        )

    eventually(quiet, seconds=60)


def _published(service: Service) -> int:
    with service.database.reading() as session:
        return session.scalar(select(func.count()).select_from(service.database.flow.outbox)) or 0


def _arrived(service: Service, publisher: str) -> int:
    inbox = service.database.flow.inbox
    with service.database.reading() as session:
        return session.scalar(select(func.count()).select_from(inbox).where(inbox.c.publisher == publisher)) or 0


def close(assembly: Assembly) -> None:
    """Let go of the databases and the broker."""
    for service in assembly.services:
        for part in service.worker.parts:
            if hasattr(part, "broker"):
                part.broker.close()
        service.database.engine.dispose()


def _path(address: str) -> str:
    return address.removeprefix(BASE_URL)


def only(found: Mapping[str, list[Mail]], address: str) -> Mail:
    """The one mail to this address."""
    (mail,) = found[address]
    return mail


def mine_link(mail: Mail) -> str:
    """The link that stands alone on a line of the plain text."""
    found: list[str] = re.findall(rf"^{re.escape(BASE_URL)}(/registration/mine/\S+)$", mail.text, re.MULTILINE)
    (link,) = found
    return link
