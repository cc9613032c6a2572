"""Who comes past which door: every route of the service against everyone, in one table.

A route that is not in the table fails, and so does a line without a route. A refusal tells nothing about anybody.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from services.registration.tables import transfer
from shared.web.access import LINK_COOKIE, PERSON_SIGN_IN_PAGE, SIGN_IN_COOKIE
from tests.registration.conftest import World, csrf, id_of

HERE, ELSEWHERE = "PV26", "PV31"
V1 = "/registration/v1/"

EVERYONE = frozenset(
    {"anyone", "person", "another", "colleague", "helper", "helper of another", "organiser", "organiser of another"}
    | {"auditor", "manager", "participant"}
)
MANAGERS = frozenset({"manager"})
AUDITORS = MANAGERS | {"auditor"}
ORGANISERS = MANAGERS | {"organiser"}
READERS = ORGANISERS | {"auditor"}
ANY_READERS = READERS | {"organiser of another"}
DOOR = ORGANISERS | {"helper"}
LISTS = READERS | {"helper"}
PERSON = frozenset({"person"})
ANY_PERSON = PERSON | {"another", "colleague"}
COLLEAGUE = frozenset({"colleague"})
PARTICIPANT = frozenset({"participant"})

TABLE: dict[str, frozenset[str]] = {
    "GET audit": AUDITORS,
    "GET audit/retention": AUDITORS,
    "GET check-in/<slug>": DOOR,
    "POST check-in/<slug>/<registration_id>": DOOR,
    "POST check-in/<slug>/<registration_id>/seat": DOOR,
    "POST check-in/<slug>/closing": ORGANISERS,
    "GET check-in/<slug>/helper/<token>": EVERYONE,
    "POST check-in/<slug>/helper/<token>": EVERYONE,
    "GET check-in/<slug>/helpers": ORGANISERS,
    "POST check-in/<slug>/helpers": ORGANISERS,
    "POST check-in/<slug>/helpers/dismissal": ORGANISERS,
    "POST check-in/<slug>/walk-in": DOOR,
    "GET desk": ANY_READERS,
    "GET desk/<slug>": READERS,
    "GET desk/<slug>/advice": READERS,
    "GET desk/<slug>/attendance": READERS,
    "GET desk/<slug>/attendees": LISTS,
    "GET desk/<slug>/attendees.<any(csv, xlsx, pdf):form>": LISTS,
    "GET desk/<slug>/badges.pdf": LISTS,
    "GET desk/<slug>/list-access": AUDITORS,
    "GET desk/<slug>/messages": READERS,
    "GET desk/<slug>/questions": READERS,
    "POST desk/<slug>/messages": ORGANISERS,
    "POST desk/<slug>/messages/preview": ORGANISERS,
    "GET desk/<slug>/new": ORGANISERS,
    "POST desk/<slug>/new": ORGANISERS,
    "GET desk/<slug>/plan": READERS,
    "GET desk/<slug>/registrations": READERS,
    "GET desk/<slug>/registrations/<registration_id>": READERS,
    "POST desk/<slug>/registrations/<registration_id>": ORGANISERS,
    "POST desk/<slug>/registrations/<registration_id>/note": ORGANISERS,
    "GET health/live": EVERYONE,
    "GET health/ready": EVERYONE,
    "GET keys": MANAGERS,
    "POST keys": MANAGERS,
    "POST keys/<key_id>/revocation": MANAGERS,
    "GET lists/<token>": EVERYONE,
    "POST lists/<token>": EVERYONE,
    "GET meetings/<slug>": EVERYONE,
    "POST meetings/<slug>": EVERYONE,
    "GET metrics": EVERYONE,
    "GET privacy": EVERYONE,
    "GET mine": EVERYONE,
    "GET mine/<token>": EVERYONE,
    "GET mine/r/<registration_id>": READERS | PERSON,
    "POST mine/r/<registration_id>": ORGANISERS | PERSON,
    "POST mine/r/<registration_id>/attendance": ORGANISERS | PERSON,
    "GET mine/r/<registration_id>/calendar": PERSON,
    "GET mine/r/<registration_id>/certificate.pdf": READERS | PERSON,
    "GET mine/r/<registration_id>/companion": PERSON,
    "POST mine/r/<registration_id>/companion": PERSON,
    "POST mine/r/<registration_id>/confirmation": PERSON,
    "GET mine/r/<registration_id>/details": ORGANISERS | PERSON,
    "POST mine/r/<registration_id>/details": ORGANISERS | PERSON,
    "GET mine/r/<registration_id>/meetings": PERSON,
    "GET mine/r/<registration_id>/meetings/<slug>": PERSON,
    "POST mine/r/<registration_id>/meetings/<slug>": PERSON,
    "POST mine/r/<registration_id>/offer": ORGANISERS | PERSON,
    "POST mine/r/<registration_id>/rejoin": PERSON,
    "GET mine/r/<registration_id>/question": PERSON,
    "POST mine/r/<registration_id>/question": PERSON,
    "GET mine/r/<registration_id>/story": PERSON,
    "POST mine/r/<registration_id>/story": PERSON,
    "POST mine/r/<registration_id>/switch": PERSON,
    "GET mine/r/<registration_id>/transfers": ORGANISERS | PERSON,
    "POST mine/r/<registration_id>/transfers": ORGANISERS | PERSON,
    "POST mine/r/<registration_id>/transfers/withdrawal": ORGANISERS | PERSON,
    "GET network": EVERYONE,
    "GET network/blocks": PARTICIPANT,
    "POST network/blocks/<block_id>/lifting": PARTICIPANT,
    "GET network/leaving": PARTICIPANT,
    "POST network/leaving": PARTICIPANT,
    "GET network/people": PARTICIPANT,
    "GET network/people/<profile_id>": PARTICIPANT,
    "POST network/people/<profile_id>/block": PARTICIPANT,
    "GET network/people/<profile_id>/report": PARTICIPANT,
    "POST network/people/<profile_id>/report": PARTICIPANT,
    "GET network/people/<profile_id>/sparring": PARTICIPANT,
    "POST network/people/<profile_id>/sparring": PARTICIPANT,
    "GET network/profile": PARTICIPANT,
    "POST network/profile": PARTICIPANT,
    "GET network/reports": MANAGERS,
    "GET network/reports/<report_id>": MANAGERS,
    "POST network/reports/<report_id>": MANAGERS,
    "POST network/reports/hidden": MANAGERS,
    "GET network/sparring": PARTICIPANT,
    "GET network/suggestions": PARTICIPANT,
    "GET network/sessions": PARTICIPANT,
    "POST network/sessions/<session_id>/end": PARTICIPANT,
    "GET network/sign-in": EVERYONE,
    "POST network/sign-in": EVERYONE,
    "GET network/sign-in/<token>": EVERYONE,
    "POST network/sign-in/<token>": EVERYONE,
    "POST network/sign-out": EVERYONE,
    "GET problems": EVERYONE,
    "GET problems/<name>": EVERYONE,
    "GET series/<path:series>": EVERYONE,
    "POST series/<path:series>": EVERYONE,
    "GET sign-in": EVERYONE,
    "POST sign-in": EVERYONE,
    "GET sign-in/<token>": EVERYONE,
    "GET sign-in/oidc/<int:number>": EVERYONE,
    "POST sign-in/oidc/<int:number>": EVERYONE,
    "POST sign-in/oidc/<int:number>/start": EVERYONE,
    "GET sign-ins": ANY_READERS,
    "POST sign-ins/<sign_in_id>/end": ANY_READERS,
    "POST sign-in/<token>": EVERYONE,
    "POST sign-out": EVERYONE,
    "GET sparring/<token>": EVERYONE,
    "GET sparring/t/<sparring_id>": PARTICIPANT,
    "POST sparring/t/<sparring_id>/choice": PARTICIPANT,
    "POST sparring/t/<sparring_id>/end": PARTICIPANT,
    "POST sparring/t/<sparring_id>/proposal": PARTICIPANT,
    "POST sparring/t/<sparring_id>/refusal": PARTICIPANT,
    "GET static/<path:name>": EVERYONE,
    "GET transfers/<token>": EVERYONE,
    "POST transfers/<token>": EVERYONE,
    "GET v1/audit": AUDITORS,
    "GET v1/docs": EVERYONE,
    "POST v1/issuers/<int:number>/logout": EVERYONE,
    "GET v1/meetings/<meeting_id>/attendees": LISTS,
    "POST v1/meetings/<meeting_id>/desk-registrations": ORGANISERS,
    "GET v1/meetings/<meeting_id>/messages": READERS,
    "POST v1/meetings/<meeting_id>/messages": ORGANISERS,
    "GET v1/meetings/<meeting_id>/registrations": READERS,
    "POST v1/meetings/<meeting_id>/registrations": EVERYONE,
    "GET v1/meetings/<meeting_id>/seats": EVERYONE,
    "GET v1/openapi.json": EVERYONE,
    "GET v1/registrations/<registration_id>": READERS | PERSON,
    "PATCH v1/registrations/<registration_id>": ORGANISERS | PERSON,
    "PUT v1/registrations/<registration_id>/approval": ORGANISERS,
    "PUT v1/registrations/<registration_id>/attendance": DOOR,
    "PUT v1/registrations/<registration_id>/cancellation": ORGANISERS | PERSON,
    "PUT v1/registrations/<registration_id>/confirmation": PERSON,
    "GET v1/registrations/<registration_id>/note": ORGANISERS,
    "PUT v1/registrations/<registration_id>/note": ORGANISERS,
    "PUT v1/registrations/<registration_id>/offer": ORGANISERS | PERSON,
    "PUT v1/registrations/<registration_id>/seat": ORGANISERS,
    "PUT v1/registrations/<registration_id>/target-group": ORGANISERS,
    "POST v1/registrations/<registration_id>/transfers": ORGANISERS | PERSON,
    "PUT v1/registrations/<registration_id>/transfers/<transfer_id>": COLLEAGUE,
    "PUT v1/registrations/<registration_id>/transfers/<transfer_id>/withdrawal": ORGANISERS | PERSON,
    "POST v1/series/<path:series>/registrations": EVERYONE,
    "PUT v1/transfers/<transfer_id>": COLLEAGUE,
    "GET workplace": EVERYONE,
}


@dataclass(frozen=True)
class Visitor:
    """Somebody with a browser, or with a program that sends ``header``; ``token`` is for the forms."""

    client: FlaskClient
    header: dict[str, str]
    token: str


class House:
    """A meeting in Utrecht at which Anna has a seat that Bram may take over, another one, and everyone who comes."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.facts = world.publish(target_groups=(), series="reeks")
        self.other = world.publish(target_groups=())
        for name in ("Anna", "Chris"):
            world.sign_up(self.facts, name)
        world.press("Anna", "/transfers", name="Bram", email="bram@gemeente.example")
        with world.service.database.reading() as session:
            self.proposal = session.execute(select(transfer)).one()
        self.anna, self.chris = id_of(world, "Anna"), id_of(world, "Chris")
        self.visitors: dict[str, Visitor] = {}

    def visitor(self, who: str) -> Visitor:
        """Who comes, with what they can show."""
        if who not in self.visitors:
            client, secret = self.world.service.app.test_client(), self.secret(who)
            token = csrf(client.get("/registration/sign-in"))
            if who == "participant":
                self.world.sign_in(client, "chris@gemeente.example")
                token = csrf(client.get("/registration/sign-in"))
            if secret:
                client.set_cookie(LINK_COOKIE if who in ANY_PERSON else SIGN_IN_COOKIE, secret)
            self.visitors[who] = Visitor(client, {"Authorization": f"Bearer {secret}"} if secret else {}, token)
        return self.visitors[who]

    def secret(self, who: str) -> str | None:
        """What this one can show: a key or session of their own, or the token of their link."""
        links = self.world.links
        keys: dict[str, dict[str, Any]] = {
            "helper": {"role": "helper", "meeting_id": self.facts.id},
            "helper of another": {"role": "helper", "meeting_id": self.other.id},
            "organiser": {"role": "organiser", "regions": (HERE,)},
            "organiser of another": {"role": "organiser", "regions": (ELSEWHERE,)},
            "auditor": {"role": "auditor"},
            "manager": {"role": "manager"},
        }
        if who in keys:
            return self.world.organiser(**keys[who])["Authorization"].removeprefix("Bearer ")
        match who:
            case "person" | "another":
                return links.sign("mine", self.anna if who == "person" else self.chris, 1)
            case "colleague":
                return links.sign("transfer", self.proposal.id, self.proposal.version)
        return None

    def ask(self, route: str, who: str, registration_id: str | None = None) -> TestResponse:
        """What this one is answered there, with nothing in the body or the form."""
        method, _, rule = route.partition(" ")
        address = "/registration/" + rule
        here = {
            "<slug>": self.facts.slug,
            "<meeting_id>": self.facts.id,
            "<registration_id>": registration_id or self.anna,
            "<transfer_id>": self.proposal.id,
            "<path:series>": "reeks",
            "<any(csv, xlsx, pdf):form>": "csv",
            "<path:name>": "base.css",
            "<name>": "closed",
            "<key_id>": "unknown",
            "<session_id>": "unknown",
            "<sign_in_id>": "unknown",
            "<int:number>": "1",
            "<block_id>": "unknown",
            "<profile_id>": "unknown",
            "<report_id>": "unknown",
            "<sparring_id>": "unknown",
            "<token>": "unknown",
        }
        for variable, value in here.items():
            address = address.replace(variable, value)
        visitor = self.visitor(who)
        if address.startswith(V1):
            return visitor.client.open(address, method=method, headers=visitor.header)
        form = {} if method == "GET" else {"csrf_token": visitor.token}
        answer = visitor.client.open(address, method=method, data=form)
        if address.endswith(("/sign-out", "/dismissal")):  # what they showed opens nothing any more
            self.visitors.clear()
        return answer


def is_refused(answer: TestResponse, route: str) -> bool:
    to = (answer.location or "").partition("?")[0].removeprefix("http://127.0.0.1:8000")
    sent_away = to in {"/registration/sign-in", "/registration/mine", PERSON_SIGN_IN_PAGE} and "sign-out" not in route
    return answer.status_code in {401, 403} or (answer.status_code == 303 and sent_away)  # RFC 9110


def routes(world: World) -> Iterator[str]:
    for rule in world.service.app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield f"{method} {rule.rule.removeprefix('/registration/')}"


@pytest.mark.parametrize("ground", ["embedded"], indirect=True)
def test_every_route_stands_in_the_table(world: World) -> None:
    assert sorted(routes(world)) == sorted(TABLE)


@pytest.mark.parametrize("ground", ["embedded"], indirect=True)
def test_who_may_not_is_refused_and_reads_nothing_about_anybody_and_who_may_is_not(world: World) -> None:
    house = House(world)
    wrong = []
    for route, allowed in TABLE.items():
        for who in sorted(EVERYONE, key=lambda who: (who in allowed, who)):
            answer = house.ask(route, who)
            if is_refused(answer, route) is (who in allowed):
                wrong.append(f"{route} answers {who} {answer.status_code}")
            if who not in allowed and any(word in answer.text for word in ("Anna", "anna@", "Bram", "Chris")):
                wrong.append(f"{route} tells {who} of somebody")
            assert answer.status_code < 500, (route, who)  # RFC 9110
    assert wrong == []


@pytest.mark.parametrize("ground", ["embedded"], indirect=True)
def test_who_may_not_does_not_learn_which_registrations_there_are(world: World) -> None:
    house = House(world)
    about_one = [route for route in TABLE if route.split()[1].startswith("v1/registrations/")]
    for route in about_one:
        for who in EVERYONE - TABLE[route]:
            known, unknown = house.ask(route, who), house.ask(route, who, "0190b8a0-0000-7000-8000-000000000000")
            assert known.status_code == unknown.status_code, (route, who)
