"""Registration as the world meets it: by HTTP, and by what other services tell it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from services.registration.actions.ask_link import LINK_LASTS
from services.registration.actions.keep_keys import add_key
from services.registration.actions.register_by_hand import register_by_hand
from services.registration.actions.set_standing import Act
from services.registration.app import build
from services.registration.issuers.issuer import Issuer
from services.registration.queries.seats import Counted, recount
from services.registration.settings import Settings
from services.registration.tables import flow, meeting, person_link, registration
from shared.db.transaction import new_id
from shared.events import CONTRACTS
from shared.events.catalog import Meeting, MeetingPublished, ReferenceChanged
from shared.events.registration import Registration
from shared.people.links import Links
from shared.people.roles import GivenRole
from shared.service import Service
from shared.settings import Common
from shared.web.access import SIGN_IN_COOKIE
from tests.builders import NOON, a_meeting, tell
from tests.grounds import Ground, Now, Standing

GROUPS = {
    "bestuurder": {"nl": "Bestuurder", "en": "Executive"},
    "beleidsmaker": {"nl": "Beleidsmaker", "en": "Policy officer"},
    "inkoper": {"nl": "Inkoper", "en": "Procurement officer"},
}
LINK_KEY = "k" * 20 + "0123456789abcdef"


@dataclass
class Clock:
    """A clock that stands still until a story moves it."""

    now: datetime = NOON - timedelta(days=30)

    def __call__(self) -> datetime:
        return self.now


@dataclass
class World:
    """The service and what surrounds it in a story."""

    service: Service
    clock: Clock
    visitor: FlaskClient
    links: Links = field(default_factory=lambda: Links([LINK_KEY]))

    def publish(self, **changes: Any) -> Meeting:
        facts = a_meeting(**changes)
        assert tell(self.service, MeetingPublished(meeting=facts)) == "done"
        return facts

    def sign_up(
        self, facts: Meeting, name: str, group: str = "inkoper", key: str | None = None, **more: Any
    ) -> TestResponse:
        headers = {"Idempotency-Key": key} if key else {}
        wish = {"name": name, "email": f"{name.lower()}@gemeente.example", "targetGroup": group, **more}
        return self.visitor.post(f"/registration/v1/meetings/{facts.id}/registrations", json=wish, headers=headers)

    def fill_in(self, address: str, **typed: Any) -> TestResponse:
        """Open a form and send it, as someone in the role of an inkoper whose name is Anna unless ``typed`` says."""
        page = self.visitor.get(address)
        key = re.search(r'name="key" value="([^"]+)"', page.text)
        person = {"name": "Anna", "email": "anna@gemeente.example", "targetGroup": "inkoper"}
        hidden = {"csrf_token": csrf(page), "key": key[1] if key else ""}
        return self.visitor.post(address, data={**hidden, **person, **typed})

    def told(self, name: str) -> list[Any]:
        """What the service said in events of this name, in order."""
        rows = select(flow.outbox.c.payload).where(flow.outbox.c.type == name).order_by(flow.outbox.c.position)
        with self.service.database.reading() as session:
            return [CONTRACTS[name].load(payload) for payload in session.scalars(rows)]

    def last_told_of(self, name: str) -> Registration:
        """The registration of this person, as it was told last."""
        mine = select(flow.outbox).where(flow.outbox.c.aggregate == "registration").order_by(flow.outbox.c.position)
        with self.service.database.reading() as session:
            rows = session.execute(mine).all()
        said: list[Registration] = [CONTRACTS[row.type].load(row.payload).registration for row in rows]
        return next(about for about in reversed(said) if about.person.name == name)

    def rows_told_together(self) -> list[list[str]]:
        """The events about registrations, one list per moment in which they became true together."""
        with self.service.database.reading() as session:
            rows = session.execute(select(flow.outbox).order_by(flow.outbox.c.position)).all()
        together: dict[Any, list[str]] = {}
        for row in rows:
            if "registration" in row.payload:
                together.setdefault((row.occurred_at, row.correlation_id), []).append(
                    f"{row.type.removeprefix('registration.')} {row.payload['registration']['person']['name']}"
                )
        return list(together.values())

    def organiser(self, role: GivenRole = "manager", **more: Any) -> dict[str, str]:
        with self.service.database.begin() as tx:
            return {"Authorization": f"Bearer {add_key(tx, role, by='operator', **more)}"}

    def get(self, facts: Meeting, what: str, **options: Any) -> TestResponse:
        return self.visitor.get(f"/registration/v1/meetings/{facts.id}/{what}", **options)

    def mine_link(self, name: str) -> str:
        """The link that the mail to this person holds."""
        kinds = ("unconfirmed", "requested", "confirmed", "waitlisted")
        said = [told for kind in kinds for told in self.told(f"registration.{kind}")]
        about = next(told.registration for told in said if told.registration.person.name == name)
        return "/registration/mine/" + self.links.sign("mine", about.id, about.link_version)

    def bearer(self, name: str) -> dict[str, str]:
        """The same link, as a program shows it."""
        return {"Authorization": f"Bearer {self.mine_link(name).rsplit('/', 1)[1]}"}

    def mine(self, name: str) -> TestResponse:
        """Open the link."""
        return self.visitor.get(self.mine_link(name), follow_redirects=True)

    def press(self, name: str, what: str = "", /, **typed: Any) -> TestResponse:
        """Open the link, press the button that posts to ``what``."""
        shown = self.mine(name)
        sent = {"csrf_token": csrf(shown), **typed}
        return self.visitor.post(shown.request.path + what, data=sent, follow_redirects=True)

    def cancel(self, name: str) -> TestResponse:
        """Open the link, press the button."""
        return self.press(name)

    def person(self, email: str) -> FlaskClient:
        """A browser in which the participant with this address is signed in."""
        browser = self.service.app.test_client()
        self.sign_in(browser, email)
        return browser

    def sign_in(self, browser: FlaskClient, email: str) -> None:
        """Let the participant with this address be signed in in ``browser``, as by a link that was mailed."""
        link_id = new_id()
        link = {"id": link_id, "address_key": email, "language": "nl", "valid_until": self.clock.now + LINK_LASTS}
        with self.service.database.begin() as tx:
            tx.session.execute(person_link.insert(), link)
        address = f"/registration/network/sign-in/{self.links.sign('network-sign-in', link_id)}"
        browser.post(address, data={"csrf_token": csrf(browser.get(address))})

    def do_what_is_due(self) -> None:
        while self.service.worker.part("due").pulse():
            pass

    def counts_are_right(self) -> bool:
        with self.service.database.reading() as session:
            return all(
                recount(session, row.id) == Counted(row.taken, row.waiting, row.online_taken, row.online_waiting)
                for row in session.execute(select(meeting)).all()
            )


def form_of(facts: Meeting) -> str:
    """The address of a meeting's sign-up form."""
    return f"/registration/meetings/{facts.slug}"


def by_hand(world: World, facts: Meeting, people: Sequence[Mapping[str, Any]]) -> list[str]:
    """Register people (columns) as an organiser does, whatever their texts hold; gives the ids."""
    act = Act(name="by-hand", cause="organiser", by="an-organiser")
    given = {"language": "nl", "email": None, "address_key": None, "organisation_id": None}
    with world.service.database.begin() as tx:
        return [str(register_by_hand(tx, facts.id, {**given, **person}, act)[0]) for person in people]


def csrf(page: TestResponse) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


def problem(answer: TestResponse) -> tuple[int, str]:
    """The status of a problem document, and its type by its short name."""
    assert answer.mimetype == "application/problem+json"
    assert answer.json
    return answer.status_code, answer.json["type"].rpartition("/")[2]


def errors(answer: TestResponse) -> list[dict[str, str]]:
    """The fields that were not right."""
    found: list[dict[str, str]] = (answer.json or {})["errors"]
    return found


def id_of(world: World, name: str) -> str:
    with world.service.database.reading() as session:
        return str(session.scalar(select(registration.c.id).where(registration.c.name == name)))


def status_of(world: World, name: str) -> str:
    with world.service.database.reading() as session:
        return str(session.scalar(select(registration.c.status).where(registration.c.name == name)))


def comes_as(world: World, role: GivenRole, **more: Any) -> None:
    """The visitor's browser is signed in with this role from now on."""
    key = world.organiser(role, **more)["Authorization"].removeprefix("Bearer ")
    world.visitor.set_cookie(SIGN_IN_COOKIE, key)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make_world(ground: Ground, clock: Clock, standing: dict[object, Standing]) -> Callable[..., World]:
    """Makes the service on a ground; ``limits`` as in the settings."""

    def make(*, limits: float | None = None) -> World:
        which = ("registration", ground.name, limits)
        if which not in standing:
            url = ground.lasting_url("registration")
            standing[which] = Standing(lambda now: founded(url, now, limits), clock)
        service = standing[which].as_new(clock)
        return World(service, clock, service.app.test_client())

    return make


def founded(database_url: str, clock: Now, limits: float | None = None, issuers: Sequence[Issuer] = ()) -> Service:
    """The service on a migrated database, with the target groups known; nobody else speaks to it or listens."""
    common = Common(
        base_url="http://127.0.0.1:8000",
        secret_key="s" * 20 + "0123456789abcdef",
        link_keys=(LINK_KEY,),
        erasure_keys=(LINK_KEY,),
        database_url=database_url,
        broker_url="memory://registration",
        limits=limits,
    )
    service = build(Settings(common, tuple(issuers)), clock=clock)
    for position, (code, labels) in enumerate(GROUPS.items()):
        word = ReferenceChanged(
            id=f"target-group:{code}", kind="target-group", code=code, labels=labels, position=position
        )
        tell(service, word)
    return service


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world()
