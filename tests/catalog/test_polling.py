"""Months of subscribers, by a clock that runs ahead: never a stale 304, never a missed change, and never back in time.

Two processes serve the same database, and each poll comes to either of them.
"""

import random
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.catalog.app import build
from services.catalog.settings import Settings
from shared.calendar.zones import day_begins_at
from shared.web.app import settings_of
from tests.catalog.conftest import World, lines, unfolded

if TYPE_CHECKING:
    from collections.abc import Callable

ATOM = "{http://www.w3.org/2005/Atom}"
ACTS = 60


@dataclass
class Known:
    """A meeting as the story knows it."""

    id: str
    title: str
    region: str
    starts_at: datetime
    is_listed: bool = True
    is_cancelled: bool = False

    def is_shown(self, today: datetime) -> bool:
        day = day_begins_at((today + timedelta(hours=2)).date() - timedelta(days=30 if self.is_cancelled else 60))
        return self.is_listed and self.starts_at + timedelta(hours=3) > day


@dataclass
class Subscriber:
    """A program that fetches one address over and over, with what it was told the last time."""

    address: str
    sends: tuple[str, str]
    told: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    moments: list[datetime] = field(default_factory=list)

    def poll(self, client: FlaskClient) -> TestResponse:
        header, of_answer = self.sends
        answer = client.get(self.address, headers={header: self.told[of_answer]} if self.told else {})
        assert answer.status_code in {200, 304}
        if answer.status_code == 200:
            self.body = answer.data
        self.told |= dict(answer.headers)  # a 304 does not repeat all of them
        self.moments.append(parsedate_to_datetime(self.told["Last-Modified"]))
        assert self.moments == sorted(self.moments)
        return answer

    def shown(self) -> dict[str, str]:
        """The titles by the ids of the meetings, as the program holds them now."""
        if self.address.startswith("/calendar.ics"):
            feed = unfolded(self.body)
            return dict(zip((uid[:36] for uid in lines(feed, "UID")), lines(feed, "SUMMARY"), strict=True))
        entries = ET.fromstring(self.body).findall(f"{ATOM}entry")  # noqa: S314  # our own
        return {text(each, "id").removeprefix("urn:uuid:"): text(each, "title") for each in entries}


def text(element: ET.Element, name: str) -> str:
    return element.findtext(f"{ATOM}{name}") or ""


class Organiser:
    """Does something at random, in the world and in what the story knows."""

    def __init__(self, world: World, chance: random.Random) -> None:
        self.world, self.chance = world, chance
        self.meetings: list[Known] = []

    def act(self) -> None:
        open_ones = [each for each in self.meetings if not each.is_cancelled and each.starts_at > self.world.clock()]
        if open_ones and self.chance.random() < 0.7:
            self.chance.choice([self.rename, self.move, self.cancel, self.hide])(self.chance.choice(open_ones))
        else:
            self.publish()

    def publish(self) -> None:
        starts_at = self.world.clock() + timedelta(days=self.chance.randint(1, 20))
        known = Known("", f"Titel {len(self.meetings)}", self.chance.choice(["PV26", "PV21"]), starts_at)
        known.id = self.world.publish(title={"nl": known.title}, region=known.region, **times(starts_at))["id"]
        self.meetings.append(known)

    def rename(self, known: Known) -> None:
        known.title += "'"
        self.change(known, title={"nl": known.title})

    def move(self, known: Known) -> None:
        known.starts_at += timedelta(days=self.chance.randint(0, 9), minutes=1)
        known.region = self.chance.choice(["PV26", "PV21"])
        self.change(known, region=known.region, **times(known.starts_at))

    def cancel(self, known: Known) -> None:
        known.is_cancelled, known.title = True, f"Afgelast: {known.title}"
        assert self.world.ask("POST", f"/v1/meetings/{known.id}/cancellation").status_code == 200

    def hide(self, known: Known) -> None:
        known.is_listed = not known.is_listed
        self.change(known, visibility="public" if known.is_listed else "unlisted")

    def change(self, known: Known, **patch: Any) -> None:
        answer = self.world.change(known.id, patch)
        assert answer.status_code == 200, answer.json


def times(starts_at: datetime) -> dict[str, str]:
    return {"startsAt": starts_at.isoformat(), "endsAt": (starts_at + timedelta(hours=3)).isoformat()}


def test_subscribers_of_two_processes_see_every_change_once_it_is_made(world_on: World) -> None:
    world, chance = world_on, random.Random(27)  # noqa: S311  # a story that can be told again
    other = build(Settings(settings_of(world.service.app)), clock=world.clock)
    processes = [world.public, other.app.test_client()]
    by_tag, by_date = ("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")
    in_utrecht: Callable[[Known], bool] = lambda known: known.region == "PV26"  # noqa: E731  # it is a value here
    subscribers: list[tuple[Subscriber, Callable[[Known], bool]]] = [
        (Subscriber("/calendar.ics", by_tag), bool),
        (Subscriber("/calendar.ics", by_date), bool),
        (Subscriber("/calendar.ics?region=PV26", by_tag), in_utrecht),
        (Subscriber("/calendar.atom", by_tag), bool),
        (Subscriber("/calendar.atom?region=PV26", by_date), in_utrecht),
    ]
    organiser, statuses = Organiser(world, chance), []
    for _ in range(ACTS):
        world.clock.forward(days=chance.choice([0, 0, 1, 3]), seconds=chance.choice([0, 7000]))
        world.work()
        if chance.random() < 0.7:
            organiser.act()
        for subscriber, wants in subscribers:
            statuses.append(subscriber.poll(chance.choice(processes)).status_code)
            expected = {each.id: each.title for each in organiser.meetings if each.is_shown(world.clock())}
            wanted = {each.id for each in organiser.meetings if wants(each)}
            assert subscriber.shown() == {id_: title for id_, title in expected.items() if id_ in wanted}
    assert len(organiser.meetings) > len(expected)  # some of them are too long ago by now
    assert 0.1 < statuses.count(304) / len(statuses) < 0.9
    other.database.engine.dispose()
