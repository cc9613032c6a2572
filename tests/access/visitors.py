"""Who comes: everyone with the key, session or link that shows who they are, and as whom the rules know them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select
from werkzeug.test import Client, TestResponse

from services.registration.actions.ask_link import LINK_LASTS
from services.registration.actions.keep_keys import add_key, revoke_access
from services.registration.actions.my_data import ask_link
from services.registration.actions.person_sign_in import sign_in_person
from services.registration.tables import grants, my_data_link, person_link, registration
from shared.db.transaction import new_id
from shared.people.grants import secret_hash
from shared.people.links import Links
from shared.people.pseudonyms import Pseudonyms
from shared.people.roles import ANYONE, Actor
from shared.service import Service
from shared.web.access import LINK_COOKIE, PERSON_COOKIE, SIGN_IN_COOKIE
from shared.web.app import settings_of
from tests.access.house import ELSEWHERE, HERE, House
from tests.journeys.pages import form_of

FORMS = {
    "catalog": "/feedback?page=/",
    "registration": "/registration/sign-in",
    "notifications": "/notifications/subscriptions",
}
"""A page of each service with a form that everyone may open."""

LINK_KEY = "k" * 20 + "0123456789abcdef"
READING = {"GET", "HEAD"}


@dataclass
class Visitor:
    """Somebody who shows ``secret`` as a program does and ``cookie`` as a browser does.

    ``actors``: as whom each service knows them; anyone where it does not. ``works``: whether the secret opens anything
    there, for a program that shows one that does not is refused whatever it asks.
    """

    name: str
    actors: Mapping[str, Actor] = field(default_factory=dict)
    secret: str = ""
    cookie: str = SIGN_IN_COOKIE
    _tokens: dict[str, tuple[str, str]] = field(default_factory=dict)

    def actor(self, service: Service) -> Actor:
        return self.actors.get(service.name, ANYONE)

    def is_turned_away(self, service: Service, address: str) -> bool:
        """Whether a program with this secret is refused everything."""
        return bool(self.secret) and _is_for_programs(service, address) and service.name not in self.actors

    def ask(self, service: Service, method: str, address: str, given: Mapping[str, Any]) -> TestResponse:
        """Ask as this visitor; ``given`` is what they type or send."""
        client = Client(service.app, use_cookies=False)
        if _is_for_programs(service, address):
            headers = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
            return client.open(address, method=method, headers=headers, json=None if method in READING else dict(given))
        if method in READING:
            return client.open(address, method=method, headers={"Cookie": self._cookies()})
        session, token = self._form(service, client)
        headers = {"Cookie": f"{self._cookies()}; {session}", "Origin": "http://127.0.0.1:8000"}
        return client.open(address, method=method, headers=headers, data={"csrf_token": token, **given})

    def _cookies(self) -> str:
        return f"{self.cookie}={self.secret}"

    def _form(self, service: Service, client: Client) -> tuple[str, str]:
        """The session of a form and its token, once got; both are good for every form of the service."""
        if service.name not in self._tokens:
            page = client.get(FORMS[service.name], headers={"Cookie": self._cookies()})
            session = page.headers["Set-Cookie"].partition(";")[0]
            self._tokens[service.name] = session, form_of(page.text).fields["csrf_token"]
        return self._tokens[service.name]


def _is_for_programs(service: Service, address: str) -> bool:
    return address.startswith(f"{service.prefix}/v1/")


def visitors(house: House) -> list[Visitor]:
    """Everyone, each with a key of their own; known everywhere."""
    here = house.places["here"].things
    meeting, other_meeting = here["meeting"], house.places["elsewhere"].things["meeting"]
    of_here = Actor("organiser", regions=(HERE,))
    known = {
        "helper": Actor("helper", meeting_id=meeting),
        "helper of another meeting": Actor("helper", meeting_id=other_meeting),
        "editor": Actor("editor"),
        "organiser": of_here,
        "organiser of elsewhere": Actor("organiser", regions=(ELSEWHERE,)),
        "organiser without a region": Actor("organiser"),
        "auditor": Actor("auditor"),
        "manager": Actor("manager"),
        "program that reads meetings": replace(of_here, scopes=("read-meetings",)),
        "program that reads who comes": replace(of_here, scopes=("read-attendees",)),
        "program that writes": Actor("manager", scopes=("write-meetings", "write-registrations", "write-programme")),
        "program that sends mail": replace(of_here, scopes=("read-mail", "send-mail")),
    }
    found = [Visitor("anyone"), _with_lost_key(house)]
    found += [_with_key(house, name, actor) for name, actor in known.items()]
    found += [
        Visitor("person", *_mine(here)),
        Visitor("person at the calendar", *_at_the_calendar(here)),
        Visitor("person who is invited", *_invited(here)),
        Visitor("colleague of the person", *_colleague(here)),
        Visitor("person who signed in", *_signed_in(house, here)),
        Visitor("person with a link to their data", *_at_their_data(house, here)),
    ]
    house.kring.settle()
    return found


def _with_key(house: House, name: str, actor: Actor) -> Visitor:
    bounds = {"regions": actor.regions, "meeting_id": actor.meeting_id, "scopes": actor.scopes}
    with house.kring.assembly.registration.database.begin() as tx:
        secret = add_key(tx, actor.role, by="system", name=name, **bounds)  # type: ignore[arg-type]  # roles that have keys
    return Visitor(name, {service.name: actor for service in house.services}, secret)


def _with_lost_key(house: House) -> Visitor:
    """A manager whose key was revoked."""
    visitor = _with_key(house, "who lost their key", Actor("manager"))
    with house.kring.assembly.registration.database.begin() as tx:
        revoke_access(tx, "system", grants.c.secret_hash == secret_hash(visitor.secret))
    return replace(visitor, actors={})


Shown = tuple[Mapping[str, Actor], str, str]


def _mine(things: Mapping[str, str]) -> Shown:
    actor = Actor("person", registration_id=things["registration"])
    return {"registration": actor}, things["token of mine"], LINK_COOKIE


def _at_the_calendar(things: Mapping[str, str]) -> Shown:
    token = Links([LINK_KEY]).sign("calendar", things["registration"], 1)
    return {"notifications": Actor("person", registration_id=things["registration"])}, token, LINK_COOKIE


def _invited(things: Mapping[str, str]) -> Shown:
    actor = Actor("person", invitation_id=things["invitation"])
    return {"notifications": actor}, things["token of an answer"], LINK_COOKIE


def _signed_in(house: House, things: Mapping[str, str]) -> Shown:
    """Somebody used the link that was mailed to them."""
    with house.kring.assembly.registration.database.begin() as tx:
        person_key = tx.session.scalar(
            select(registration.c.address_key).where(registration.c.id == things["registration"])
        )
        link = {"id": new_id(), "address_key": person_key, "language": "nl", "valid_until": tx.now + LINK_LASTS}
        tx.session.execute(person_link.insert(), link)
        used = sign_in_person(tx, str(link["id"]))
    assert used
    secret = used[0]
    return {"registration": Actor("person", person_key=person_key)}, secret, PERSON_COOKIE


def _at_their_data(house: House, things: Mapping[str, str]) -> Shown:
    """Somebody pressed the button behind a link to what is kept of them."""
    keys = settings_of(house.kring.assembly.registration.app).erasure_keys
    with house.kring.assembly.registration.database.begin() as tx:
        email = tx.session.scalar(select(registration.c.email).where(registration.c.id == things["registration"]))
        ask_link(tx, Pseudonyms(keys), str(email), "nl")
        link_id = tx.session.scalar(select(my_data_link.c.id))
    token = Links([LINK_KEY], clock=house.kring.clock).sign("my-data-opened", str(link_id))
    return {"registration": Actor("person", my_data_id=link_id)}, token, LINK_COOKIE


def _colleague(things: Mapping[str, str]) -> Shown:
    actor = Actor("person", transfer_id=things["transfer"])
    return {"registration": actor}, things["token of a transfer"], LINK_COOKIE
