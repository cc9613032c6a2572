"""Catalog as the world meets it: by HTTP, by its events, by its commands."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from services.catalog.app import build
from services.catalog.settings import Settings
from services.catalog.tables import flow
from shared.events import CONTRACTS
from shared.events.registration import AccessChanged
from shared.people.grants import secret_hash
from shared.service import Service
from shared.settings import Common
from shared.web.access import SIGN_IN_COOKIE
from tests.builders import tell
from tests.grounds import Embedded, Ground

MANAGER_KEY = "the-first-manager"
SAME_SITE = {"Origin": "http://127.0.0.1:8000"}
LINK = "https://video.example/secret-room"

TEXTS = {
    "title": {"nl": "Samen circulair inkopen", "en": "Buying circular together"},
    "startsAt": "2027-06-10T14:00",
    "endsAt": "2027-06-10T17:00",
}
READY: dict[str, Any] = {
    **TEXTS,
    "summary": {"nl": "Wat werkt, en wat niet?"},
    "region": "PV26",
    "targetGroups": ["inkoper", "beleidsmaker"],
    "themes": ["circulair"],
    "organiser": {"name": "Provincie Utrecht", "email": "mvi@provincie.example"},
    "venue": {"name": "Stadhuis", "address": "Stadsplateau 1", "postalCode": "3521 AZ", "city": "Utrecht"},
    "attendanceMode": "mixed",
    "onlineUrl": LINK,
    "seatPlan": {"capacity": 40, "reserved": {"inkoper": 10}, "maximum": {"beleidsmaker": 20}},
}


@dataclass
class Clock:
    """A clock that stands still until a story moves it."""

    now: datetime = datetime(2027, 5, 1, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **time: int) -> None:
        self.now += timedelta(**time)


@dataclass
class World:
    """The service and who comes to it in a story."""

    service: Service
    clock: Clock
    public: FlaskClient

    def ask(self, method: str, path: str, key: str = MANAGER_KEY, **sent: Any) -> TestResponse:
        """Call the API as an organiser with this key."""
        headers = {"Authorization": f"Bearer {key}", **sent.pop("headers", {})}
        return self.public.open(path, method=method, headers=headers, **sent)

    def draft(self, key: str = MANAGER_KEY, **changes: Any) -> dict[str, Any]:
        answer = self.ask("POST", "/v1/meetings", key, json={**READY, **changes})
        assert answer.status_code == 201, answer.json
        return as_object(answer)

    def publish(self, **changes: Any) -> dict[str, Any]:
        answer = self.ask("POST", f"/v1/meetings/{self.draft(**changes)['id']}/publication")
        assert answer.status_code == 200, answer.json
        return as_object(answer)

    def change(self, meeting_id: str, patch: Mapping[str, Any], if_match: str = "*") -> TestResponse:
        return self.ask("PATCH", f"/v1/meetings/{meeting_id}", json=patch, headers={"If-Match": if_match})

    def feed(self, query: str = "") -> str:
        """The feed as a calendar program reads it: unfolded lines."""
        answer = self.public.get(f"/calendar.ics{query}")
        assert answer.status_code == 200
        return unfolded(answer.data)

    def told(self, name: str) -> list[Any]:
        """What catalog said in events of this name, in order."""
        rows = select(flow.outbox.c.payload).where(flow.outbox.c.type == name).order_by(flow.outbox.c.position)
        with self.service.database.reading() as session:
            return [CONTRACTS[name].load(payload) for payload in session.scalars(rows)]

    def work(self) -> None:
        """Do what is due by now."""
        self.service.worker.part("due").pulse()

    def give_key(self, key: str, role: str, *regions: str) -> None:
        changed = {"id": f"key-{key}", "kind": "key", "secret_hash": secret_hash(key), "person_id": "someone"}
        tell(self.service, AccessChanged(**changed, role=role, regions=regions))  # type: ignore[arg-type]  # as strings


def as_object(answer: TestResponse) -> dict[str, Any]:
    assert isinstance(answer.json, dict)
    return answer.json


def unfolded(ics: bytes) -> str:
    return ics.decode().replace("\r\n ", "").replace("\r\n", "\n")


def lines(feed: str, name: str) -> list[str]:
    """The values of all properties of this name in an unfolded calendar."""
    return re.findall(rf"^{name}(?:;[^:\n]*)?:(.*)$", feed, re.MULTILINE)


def reasons(answer: TestResponse) -> dict[str, str]:
    """Why, by field, in a problem document."""
    assert answer.mimetype == "application/problem+json"
    return {error["name"]: error["reason"] for error in as_object(answer).get("errors", [])}


def errors(text: str) -> dict[str, str]:
    """The summary above the form: where each error points to, and what it says."""
    summary = text.partition('id="errors"')[2].partition("</ul>")[0]
    return {href: unescape(why) for href, why in re.findall(r'<a href="#([^"]+)">([^<]+)</a>', summary)}


@contextmanager
def a_world(ground: Ground) -> Iterator[World]:
    """Catalog as it is after its first start, which wrote down the words that it comes with."""
    databases = ground.copies("catalog", lambda: _started_on(ground.database_url("catalog")))
    clock = Clock()
    service = build(_settings(databases["catalog"], ground.broker_url), clock=clock)
    yield World(service, clock, service.app.test_client())
    service.database.engine.dispose()


def _started_on(database_url: str) -> Mapping[str, str]:
    build(_settings(database_url, "memory://first"), clock=Clock()).database.engine.dispose()
    return {"catalog": database_url}


def _settings(database_url: str, broker_url: str) -> Settings:
    common = Common(
        base_url="http://127.0.0.1:8000",
        secret_key="s" * 20 + "0123456789abcdef",
        erasure_keys=("e" * 20 + "0123456789abcdef",),
        database_url=database_url,
        broker_url=broker_url,
        manager_key=MANAGER_KEY,
    )
    return Settings(common)


@pytest.fixture
def world(embedded: Embedded) -> Iterator[World]:
    """Catalog on a file of SQLite."""
    with a_world(embedded) as world:
        yield world


@pytest.fixture
def world_on(ground: Ground) -> Iterator[World]:
    """Catalog on both grounds, one after the other."""
    with a_world(ground) as world:
        yield world


@pytest.fixture
def organiser(world: World) -> FlaskClient:
    """Someone who signed in for Utrecht."""
    session = {"id": "session", "kind": "session", "secret_hash": secret_hash("signed-in"), "person_id": "noor"}
    tell(world.service, AccessChanged(**session, role="organiser", regions=("PV26",)))  # type: ignore[arg-type]  # strings
    client = world.service.app.test_client()
    client.set_cookie(SIGN_IN_COOKIE, "signed-in")
    return client


@pytest.fixture
def manager(world: World) -> FlaskClient:
    """Someone who signed in for all regions."""
    client = world.service.app.test_client()
    client.set_cookie(SIGN_IN_COOKIE, MANAGER_KEY)
    return client
