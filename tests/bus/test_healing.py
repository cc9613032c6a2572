"""The services heal by themselves: what was lost is noticed, asked for and told again, with nobody looking."""

from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import permutations
from typing import Any

import pika
import pytest
from pika.adapters.blocking_connection import BlockingChannel
from sqlalchemy import delete, insert, select, update

from shared.bus import names
from shared.bus.broker import SERVICES, BrokerAwayError
from shared.bus.digests import what_we_told
from shared.bus.epochs import current_epoch
from shared.bus.healing import Standing, Upkeep, plan_comparing, standings
from shared.db.due import Due
from shared.events.access import LinkRequested
from shared.events.catalog import MeetingPublished
from tests.builders import NOON, a_meeting
from tests.bus.houses import Clock, House, book, flow
from tests.bus.test_exam import CHANGED, PUBLISHED, changed, published
from tests.grounds import Ground, Servers
from tests.waiting import eventually


@dataclass
class Village:
    """Three houses that look after themselves."""

    houses: list[House]
    clock: Clock
    due: list[Due] = field(init=False)
    long_ago: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.due = [Due(house.database, house.inbox.healing.work) for house in self.houses]
        for house in self.houses:
            with house.database.begin() as tx:
                plan_comparing(tx)
        self.rest()

    @property
    def catalog(self) -> House:
        return self.houses[0]

    @property
    def notifications(self) -> House:
        return self.houses[2]

    def rest(self) -> None:
        """Until nobody has anything left to do."""

        def quiet() -> bool:
            for _ in range(200):
                done = sum(house.relay.pulse() + house.inbox.pulse() for house in self.houses)
                if not done + sum(due.pulse() for due in self.due):
                    return all(self._is_heard(house) for house in self.houses)
            raise AssertionError("never quiet")

        eventually(quiet)

    def a_while_later(self) -> None:
        self.clock.forward(minutes=16)
        self.rest()

    def start_again(self, house: House) -> None:
        """What is done at a start."""
        with house.database.begin() as tx:
            plan_comparing(tx)
        self.rest()

    def put_back(self, backup: "Backup", minutes: int = 1) -> None:
        """Put a house back to an older state, and start it again. What was said before may stay unheard there."""
        self.long_ago = {id_ for house in self.houses for id_ in ids(house, "outbox")}
        self.clock.forward(minutes=minutes)
        backup.put_back()
        self.start_again(backup.house)

    def _is_heard(self, publisher: House) -> bool:
        said = ids(publisher, "outbox") - self.long_ago
        return all(said <= ids(house, "inbox", publisher.name) for house in self.houses if house is not publisher)


def ids(house: House, table: str, publisher: str | None = None) -> set[str]:
    rows = getattr(flow, table)
    mine = [] if publisher is None else [rows.c.publisher == publisher]
    with house.database.reading() as session:
        return set(session.scalars(select(rows.c.id).where(*mine)))


@pytest.fixture
def village(ground: Ground) -> Iterator[Village]:
    clock = Clock()
    upkeep = Upkeep({("catalog", "meeting"): book.c.about})
    houses = [
        House(name, ground.database_url(), ground.broker_url, clock, upkeep=upkeep)
        for name in ("catalog", "registration", "notifications")
    ]
    for house in houses:
        house.relay.pulse()
    yield Village(houses, clock)
    for house in houses:
        house.close()


def agrees(house: House, publisher: str = "catalog") -> dict[str, bool]:
    with house.database.reading() as session:
        return {row.aggregate: row.agrees for row in standings(session, flow) if row.publisher == publisher}


def swallowed(house: House, *events: object) -> None:
    """What happens is told to a broker that loses it: confirmed, and never delivered."""
    house.say(*events)
    with house.database.begin() as tx:
        tx.session.execute(update(flow.outbox).where(flow.outbox.c.published_at.is_(None)).values(published_at=tx.now))


def test_who_knows_the_same_agrees_and_asks_for_nothing(village: Village) -> None:
    village.catalog.say(published("1"), published("2"))
    village.a_while_later()

    assert agrees(village.notifications) == {"": True, "meeting": True}
    before = ids(village.notifications, "outbox")
    for _ in range(8):
        village.a_while_later()
    assert ids(village.notifications, "outbox") == before, "nothing was said, so there is nothing to compare"

    with village.catalog.database.begin() as tx:
        tx.publish(what_we_told(tx.session, flow, "catalog", tx.now))
    village.catalog.say(published("3"))  # arrives together with the digest that does not count it
    village.rest()
    assert ids(village.notifications, "outbox") == before, "it agreed, so it asks nothing"


def test_what_the_broker_lost_is_noticed_and_told_again(village: Village) -> None:
    """Facts and also what is no fact: of a broker that was wiped, a queue that was deleted or came back dead."""
    meeting = a_meeting()
    village.catalog.say(published("old", meeting))
    village.rest()
    link = LinkRequested(id="l", purpose="sign-in", valid_until=NOON, email="noor@kring.example")
    swallowed(village.catalog, changed(meeting, "new"))
    swallowed(village.houses[1], link)
    village.catalog.say(published("another"))
    village.a_while_later()

    assert sorted(village.notifications.heard()) == [
        ("link.requested", "-"),
        (CHANGED, "new"),
        (PUBLISHED, "another"),
        (PUBLISHED, "old"),
    ]
    assert set(agrees(village.notifications).values()) == {True}


def test_copies_that_are_gone_are_asked_for_though_nothing_else_is_said(village: Village) -> None:
    meetings = [a_meeting() for _ in range(3)]
    village.catalog.say(*(published(str(n), meeting) for n, meeting in enumerate(meetings)))
    village.catalog.say(changed(meetings[1], "newest"))
    village.a_while_later()
    with village.notifications.database.begin() as tx:
        tx.session.execute(delete(book).where(book.c.about.in_([meetings[0].id, meetings[1].id])))

    village.a_while_later()

    assert sorted(village.notifications.heard()) == [(CHANGED, "newest"), (PUBLISHED, "0"), (PUBLISHED, "2")]
    assert agrees(village.notifications)["meeting"]


def test_what_cannot_be_had_is_asked_for_ever_more_seldom(village: Village) -> None:
    """A reader that throws away what it is told must not have it told for ever."""
    village.notifications.inbox.handlers[MeetingPublished] = lambda _tx, _happened: None
    village.catalog.say(published("thrown away"))
    for _ in range(8):
        village.a_while_later()

    assert _types(village.notifications).count("replay.requested") == 3
    assert agrees(village.notifications)["meeting"] is False
    hours = range(24 * 30)
    asked, standing = [], Standing(differs=2)
    for hour in hours:
        now = NOON + timedelta(hours=hour)
        if standing.is_to_be_healed(now):
            asked.append(hour)
            standing = Standing(2, standing.heals + 1, now)
    assert asked[:6] == [0, 1, 2, 4, 8, 16]
    assert asked[-1] - asked[-2] == 24, "and never gives up"


def _types(house: House) -> list[str]:
    with house.database.reading() as session:
        return list(session.scalars(select(flow.outbox.c.type).order_by(flow.outbox.c.position)))


@pytest.fixture
def on_rabbitmq(servers: Servers) -> Iterator[tuple[list[House], BlockingChannel]]:
    """Three houses that hear of each other, and an operator's line to their broker."""
    clock = Clock()
    houses = [House(name, servers.database_url(), servers.broker_url, clock) for name in SERVICES]
    for house in houses:
        house.inbox.pulse()
    with closing(pika.BlockingConnection(pika.URLParameters(servers.broker_url))) as connection:
        yield houses, connection.channel()
    for house in houses:
        house.close()


def until_heard(houses: Sequence[House], *notes: str) -> None:
    """All work, whatever breaks, until the readers of catalog have heard this, each once."""

    def heard() -> bool:
        for house in houses:
            for part in (house.relay, house.inbox):
                with suppress(BrokerAwayError):
                    part.pulse()
        return all({note for _, note in house.heard()} >= set(notes) for house in houses[1:])

    eventually(heard, seconds=60)
    assert [len(house.heard()) for house in houses[1:]] == [len(notes), len(notes)]


def test_a_queue_that_was_deleted_is_made_again_and_told_what_it_held(
    on_rabbitmq: tuple[list[House], BlockingChannel],
) -> None:
    houses, channel = on_rabbitmq
    houses[0].say(published("held by the queue"))
    houses[0].relay.pulse()
    channel.queue_delete("notifications.from.catalog")

    until_heard(houses, "held by the queue")


def test_a_broker_that_was_wiped_is_filled_again_from_the_journals(
    on_rabbitmq: tuple[list[House], BlockingChannel],
) -> None:
    houses, channel = on_rabbitmq
    houses[0].say(published("confirmed and lost"))
    houses[0].relay.pulse()
    for pair in permutations(SERVICES, 2):
        channel.queue_delete(names.queue(*pair))
    for publisher in SERVICES:
        channel.exchange_delete(names.exchange(publisher))
    houses[0].say(published("said meanwhile"))

    until_heard(houses, "confirmed and lost", "said meanwhile")


@dataclass
class Backup:
    """All rows of a house at one moment."""

    house: House
    rows: dict[Any, list[dict[str, Any]]] = field(init=False)

    def __post_init__(self) -> None:
        with self.house.database.engine.connect() as connection:
            tables = book.metadata.sorted_tables
            self.rows = {table: [row._asdict() for row in connection.execute(select(table))] for table in tables}

    def put_back(self) -> None:
        with self.house.database.engine.begin() as connection:
            for table, rows in self.rows.items():
                connection.execute(delete(table))
                if rows:
                    connection.execute(insert(table), rows)


def test_a_reader_put_back_to_an_older_state_catches_up(village: Village) -> None:
    meeting = a_meeting()
    village.catalog.say(published("old", meeting))
    village.rest()
    backup = Backup(village.notifications)
    village.catalog.say(changed(meeting, "new"), published("another"))
    village.a_while_later()

    village.put_back(backup)

    assert sorted(village.notifications.heard()) == [(CHANGED, "new"), (PUBLISHED, "another"), (PUBLISHED, "old")]


@pytest.mark.parametrize("minutes", [1, 10])
def test_an_owner_put_back_without_a_word_is_noticed_by_the_others_and_takes_up_again(
    village: Village, minutes: int
) -> None:
    """Else what it says from then on looks like what they had before, and nobody believes it ever again.

    After a while it is noticed when it asks at its start; at once when it says something in a place that was taken.
    """
    meeting = a_meeting()
    village.catalog.say(published("in the backup", meeting))
    village.rest()
    backup = Backup(village.catalog)
    village.catalog.say(changed(meeting, "lost with the backup"))
    village.start_again(village.catalog) if minutes == 1 else village.rest()
    assert village.notifications.heard()[-1] == (CHANGED, "lost with the backup")

    village.put_back(backup, minutes)

    assert village.notifications.heard()[-1] == (PUBLISHED, "in the backup"), "what the owner knows counts"
    with village.catalog.database.begin() as tx:
        assert current_epoch(tx) > 1
    village.catalog.say(changed(meeting, "after it"))
    village.a_while_later()
    assert village.notifications.heard()[-1] == (CHANGED, "after it")
    assert set(agrees(village.notifications).values()) == {True}
    assert _types(village.notifications).count("restoration.noticed") == 1
