"""What the flow of events promises, on memory and SQLite as on RabbitMQ and PostgreSQL."""

import json
import random
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from shared.bus.broker import Message
from shared.bus.inbox import Inbox
from shared.bus.outbox import Relay
from shared.bus.unhandled import give_up, try_again
from shared.correlation import correlated, correlation
from shared.db.transaction import Transaction, new_id
from shared.events.access import LinkRequested
from shared.events.catalog import Meeting, MeetingCancelled, MeetingChanged, MeetingHeld, MeetingPublished
from shared.events.envelope import TooLargeError
from shared.events.registration import RegistrationConfirmed, RegistrationRepeated
from tests.builders import NOON, a_meeting, a_registration, sealed
from tests.bus.conftest import Street
from tests.bus.houses import House, book, flow, settle, write_down
from tests.waiting import eventually

PUBLISHED, CHANGED = "meeting.published", "meeting.changed"


def published(note: str = "-", meeting: Meeting | None = None) -> MeetingPublished:
    return MeetingPublished(meeting=replace(meeting or a_meeting(), format=note))


def changed(meeting: Meeting, note: str) -> MeetingChanged:
    return MeetingChanged(meeting=replace(meeting, format=note))


def arrives(house: House, *notes: tuple[str, str]) -> None:
    """The house hears exactly this, in this order."""

    def heard() -> bool:
        house.inbox.pulse()
        return len(house.heard()) >= len(notes)

    eventually(heard)
    house.inbox.pulse()
    assert house.heard() == list(notes)


def through_the_broker(street: Street, *bodies: bytes) -> None:
    """Put ``bodies`` on the exchange of catalog as they are."""
    messages = [Message(new_id(), "meeting.published", body) for body in bodies]
    assert len(street.catalog.broker.publish(messages)) == len(bodies)


def test_what_one_says_another_hears_once_and_in_order(street: Street) -> None:
    meeting = a_meeting()
    street.catalog.say(published("first", meeting), changed(meeting, "second"))
    street.catalog.say(changed(meeting, "third"))

    assert street.catalog.relay.pulse() == 3

    arrives(street.registration, (PUBLISHED, "first"), (CHANGED, "second"), (CHANGED, "third"))
    arrives(street.notifications, (PUBLISHED, "first"), (CHANGED, "second"), (CHANGED, "third"))
    assert street.catalog.relay.pulse() == 0
    assert street.registration.inbox.pulse() == 0


def test_nobody_hears_what_was_rolled_back(street: Street) -> None:
    with pytest.raises(IntegrityError), street.catalog.database.begin() as tx:  # noqa: PT012  # all of a transaction
        tx.publish(published())
        tx.session.execute(book.insert().values(line=1))
    with pytest.raises(TooLargeError):
        street.catalog.say(MeetingPublished(meeting=a_meeting(description={"nl": "x" * 70_000})))

    assert street.catalog.relay.pulse() == 0


def test_every_delivery_tripled_and_shuffled_changes_nothing(street: Street) -> None:
    meetings = [a_meeting() for _ in range(5)]
    bodies = [sealed(published("1", meeting), 1) for meeting in meetings]
    bodies += [sealed(changed(meeting, str(n)), n) for meeting in meetings for n in range(2, 9)]
    registrations = [a_registration(meeting_id=meetings[n % 5].id) for n in range(10)]
    told = [sealed(RegistrationConfirmed(registration=each), 1) for each in registrations]
    told += [sealed(RegistrationRepeated(registration=each), n) for each in registrations for n in (2, 3, 4)]
    deliveries = (bodies + told) * 3
    seed = random.randrange(2**32)  # noqa: S311  # no secret
    random.Random(seed).shuffle(deliveries)  # noqa: S311

    house = street.notifications
    while deliveries:
        batch, deliveries = deliveries[:17], deliveries[17:]
        house.inbox.take(batch)

    heard = house.heard()
    with house.database.reading() as session:
        lines = session.execute(select(book).order_by(book.c.line)).all()
    for meeting in meetings:
        notes = [row.note for row in lines if row.about == meeting.id]
        assert notes == sorted(set(notes)), seed
        assert notes[-1] == "8", seed
    for registration in registrations:
        types = [row.type for row in lines if row.about == registration.id]
        assert types == ["registration.confirmed"] + ["registration.repeated"] * 3, seed
    assert not house.kept(), (seed, heard)


def dies_in_recursion(tx: Transaction, happened: Any) -> None:
    dies_in_recursion(tx, happened)


def dies_in_the_database(tx: Transaction, happened: Any) -> None:
    write_down(tx, happened)
    line = tx.session.scalar(select(book.c.line))
    tx.session.execute(book.insert().values(line=line, type="twice", about="the same line", note="-"))


@pytest.mark.parametrize("dies", [dies_in_recursion, dies_in_the_database])
def test_poison_takes_no_bystander_with_it(street: Street, dies: Any) -> None:
    house = street.notifications
    house.inbox.handlers[MeetingHeld] = dies
    good = [sealed(published(f"{n}")) for n in range(12)]
    wrong_types = json.loads(good[0]) | {"id": "wrong-types", "subject": "m", "data": {"meeting": {"id": 7}}}
    poison = [
        b"not JSON at all",
        b"\xff\x00\xfe",
        b"[" * 50_000,
        b"x" * 10 * 1024**2,
        json.dumps(wrong_types).encode(),
        sealed(MeetingHeld(meeting=a_meeting())),
    ]
    mixed = [body for pair in zip(good, poison + good[:6], strict=True) for body in pair]

    through_the_broker(street, *mixed)

    arrives(house, *((PUBLISHED, str(n)) for n in range(12)))
    states = sorted(row.state for row in house.inbox.unhandled())
    assert states == ["parked"] * 5 + ["retry"]
    assert street.registration.inbox.pulse() >= 12  # the other reader is a bystander too


def test_a_failing_handler_is_tried_again_and_only_its_own_meeting_waits(street: Street) -> None:
    house, meeting, broken = street.notifications, a_meeting(), True

    def sometimes(tx: Transaction, happened: MeetingChanged) -> None:
        write_down(tx, happened)
        if broken and happened.meeting.format == "2":
            raise RuntimeError("no luck today")

    house.inbox.handlers[MeetingChanged] = sometimes
    house.inbox.take([sealed(published("1", meeting), 1), sealed(changed(meeting, "2"), 2)])
    house.inbox.take([sealed(changed(meeting, "3"), 3), sealed(published("other"))])
    street.clock.forward(hours=4)
    house.inbox.pulse()
    assert house.heard() == [(PUBLISHED, "1"), (PUBLISHED, "other")]

    broken = False
    street.clock.forward(hours=4)
    settle(house)

    assert house.heard() == [(PUBLISHED, "1"), (PUBLISHED, "other"), (CHANGED, "2"), (CHANGED, "3")]
    assert not house.kept()


def test_after_a_day_it_is_dead_until_someone_repairs_it(street: Street) -> None:
    house, meeting, broken = street.notifications, a_meeting(), True

    def repaired_later(tx: Transaction, happened: Any) -> None:
        if broken:
            raise RuntimeError(f"about {happened.meeting.organiser.name}")
        write_down(tx, happened)

    house.inbox.handlers[MeetingCancelled] = repaired_later
    held_up = sealed(MeetingCancelled(meeting=meeting), 2, id="held-up")
    house.inbox.take([sealed(published("1", meeting), 1), held_up, sealed(changed(meeting, "3"), 3)])
    for _ in range(40):
        street.clock.forward(hours=1)
        house.inbox.pulse()
    (row,) = house.inbox.unhandled()
    assert (row.type, row.state) == ("meeting.cancelled", "dead")
    assert meeting.organiser.name not in row.error  # a person's name belongs in no list of faults
    assert house.heard() == [(PUBLISHED, "1"), (CHANGED, "3")]  # the next one did not wait for ever

    broken = False
    with house.database.begin() as tx:
        assert try_again(tx, ["held-up"], by="operator") == 1
    settle(house)
    assert not house.kept()
    assert house.heard()[2:] == []  # a newer state is known by now: the older must not come over it


def test_a_registration_waits_for_its_meeting_and_for_nothing_else(street: Street) -> None:
    house, meeting = street.notifications, a_meeting()
    registration = a_registration(meeting_id=meeting.id)
    confirmed, repeated = (
        RegistrationConfirmed(registration=registration),
        RegistrationRepeated(registration=registration),
    )
    house.inbox.take([sealed(confirmed, 1), sealed(repeated, 2), sealed(published("other"))])
    assert house.kept() == {"registration.confirmed": "waiting", "registration.repeated": "gap"}

    house.inbox.take([sealed(published("its own", meeting))])

    assert [type_ for type_, _ in house.heard()] == [
        PUBLISHED,
        PUBLISHED,
        "registration.confirmed",
        "registration.repeated",
    ]
    assert not house.kept()


def test_a_lost_meeting_is_asked_for_and_heals_who_waited(street: Street) -> None:
    street.catalog.say(published("lost on the way", meeting := a_meeting()))
    with street.catalog.database.begin() as tx:
        tx.session.execute(update(flow.outbox).values(published_at=NOON))
    street.registration.say(RegistrationConfirmed(registration=a_registration(meeting_id=meeting.id)))
    street.registration.relay.pulse()
    eventually(street.notifications.inbox.pulse)
    assert street.notifications.kept() == {"registration.confirmed": "waiting"}

    street.clock.forward(seconds=61)

    def healed() -> bool:
        settle(street.catalog, street.registration, street.notifications)
        return not street.notifications.kept()

    eventually(healed)
    assert [type_ for type_, _ in street.notifications.heard()] == [PUBLISHED, "registration.confirmed"]


@pytest.mark.parametrize("away", [61, 60 * 60 * 60], ids=["a minute", "a weekend switched off"])
def test_a_gap_is_asked_for_after_a_minute_and_closed(street: Street, away: int) -> None:
    registration = a_registration(meeting_id=(meeting := a_meeting()).id)
    confirmed, repeated = (
        RegistrationConfirmed(registration=registration),
        RegistrationRepeated(registration=registration),
    )
    street.catalog.say(published("here", meeting))
    street.registration.say(confirmed, repeated)
    with street.registration.database.begin() as tx:  # the first of the two got lost
        tx.session.execute(update(flow.outbox).where(flow.outbox.c.version == 1).values(published_at=NOON))
    street.registration.relay.pulse()
    street.catalog.relay.pulse()

    def gap() -> bool:
        street.notifications.inbox.pulse()
        return street.notifications.kept() == {"registration.repeated": "gap"} and bool(street.notifications.heard())

    eventually(gap)
    settle(street.registration, street.notifications)
    assert street.notifications.kept() == {"registration.repeated": "gap"}  # patient for a minute

    street.clock.forward(seconds=away)

    def healed() -> bool:
        settle(street.catalog, street.registration, street.notifications)
        return not street.notifications.kept()

    eventually(healed)
    assert [type_ for type_, _ in street.notifications.heard()][1:] == [
        "registration.confirmed",
        "registration.repeated",
    ]


def test_a_newer_state_skips_what_is_missing_and_the_older_is_no_news(street: Street) -> None:
    house, meeting = street.notifications, a_meeting()
    house.inbox.take([sealed(changed(meeting, "5"), 5)])
    house.inbox.take([sealed(changed(meeting, "4"), 4), sealed(changed(meeting, "again"), 5)])
    house.inbox.take([sealed(changed(meeting, "after a restore"), 3, epoch=2)])
    house.inbox.take([sealed(changed(meeting, "6"), 6)])

    assert [note for _, note in house.heard()] == ["5", "after a restore"]


def test_what_we_do_not_understand_is_parked_until_we_do(street: Street) -> None:
    house = street.notifications
    tomorrow = json.loads(sealed(published("from tomorrow"), id="tomorrow"))
    tomorrow["type"], tomorrow["dataschema"] = "nl.kring.meeting.postponed", "urn:kring:meeting.postponed:1"
    newer = json.loads(sealed(published(), id="newer"))
    newer["dataschema"] = "urn:kring:meeting.published:2"

    house.inbox.take([json.dumps(tomorrow).encode(), json.dumps(newer).encode()])

    assert [(row.id, row.state) for row in house.inbox.unhandled()] == [("tomorrow", "parked"), ("newer", "parked")]
    with house.database.begin() as tx:
        try_again(tx, by="operator")
    settle(house)
    assert [row.state for row in house.inbox.unhandled()] == ["parked", "parked"]
    with house.database.begin() as tx:
        assert give_up(tx, ["tomorrow", "newer"], by="operator", why="from a release that never came") == 2
    assert not house.kept()


def test_nobody_speaks_for_another(street: Street) -> None:
    house = street.notifications
    through_the_broker(
        street,
        sealed(RegistrationConfirmed(registration=a_registration())),
        sealed(
            LinkRequested(id="l", purpose="sign-in", valid_until=NOON, email="mallory@evil.example"),
            publisher="catalog",
        ),
    )

    eventually(lambda: house.inbox.pulse() or len(house.inbox.unhandled()) == 2)

    assert [row.state for row in house.inbox.unhandled()] == ["parked", "parked"]
    assert house.heard() == []


def test_a_lost_copy_is_made_again_from_what_its_owners_tell(street: Street) -> None:
    meeting = a_meeting()
    street.catalog.say(published("old", meeting), changed(meeting, "new"), published("another"))
    street.catalog.relay.pulse()
    arrives(street.notifications, (PUBLISHED, "old"), (CHANGED, "new"), (PUBLISHED, "another"))
    with street.notifications.database.begin() as tx:
        tx.session.execute(delete(book))

    street.notifications.inbox.start_over()

    def repaired() -> bool:
        settle(street.catalog, street.registration, street.notifications)
        return len(street.notifications.heard()) == 2

    eventually(repaired)
    assert street.notifications.heard() == [(CHANGED, "new"), (PUBLISHED, "another")]  # the newest of each, once
    assert street.registration.heard() == [(PUBLISHED, "old"), (CHANGED, "new"), (PUBLISHED, "another")]


def test_one_thread_of_events_keeps_one_correlation_id(street: Street) -> None:
    seen = []

    def answering(tx: Transaction, happened: MeetingPublished) -> None:
        seen.append(correlation())
        tx.publish(LinkRequested(id=happened.meeting.id, purpose="sign-in", valid_until=NOON, email="a@b.example"))

    street.registration.inbox.handlers[MeetingPublished] = answering
    for story in ("story-1", "story-2"):
        with correlated(story):
            street.catalog.say(published())
    street.catalog.relay.pulse()

    eventually(lambda: street.registration.inbox.pulse() and len(seen) == 2)

    assert seen == ["story-1", "story-2"]
    with street.registration.database.reading() as session:
        rows = session.execute(select(flow.outbox).order_by(flow.outbox.c.position)).all()
    with street.catalog.database.reading() as session:
        causes = session.scalars(select(flow.outbox.c.id).order_by(flow.outbox.c.position)).all()
    assert [row.correlation_id for row in rows] == ["story-1", "story-2"]
    assert [row.causation_id for row in rows] == causes


def test_of_two_relays_one_works_and_the_other_takes_over(street: Street) -> None:
    house = street.catalog
    street.clock.forward(seconds=16)  # the house's own relay is gone
    first, second = (Relay(house.database, house.broker, "catalog", holder=name) for name in ("first", "second"))
    house.say(published("1"))
    assert (first.pulse(), second.pulse()) == (1, 0)

    house.say(published("2"))
    assert (second.pulse(), first.pulse()) == (0, 1)

    house.say(published("3"))
    street.clock.forward(seconds=16)  # the first is not heard of any more
    assert second.pulse() >= 1  # on memory it tells the first two again: it cannot know what its predecessor lost
    assert first.pulse() == 0
    arrives(street.notifications, (PUBLISHED, "1"), (PUBLISHED, "2"), (PUBLISHED, "3"))


def test_a_relay_that_led_while_the_clock_was_wrong_keeps_nobody_waiting(street: Street) -> None:
    house = street.catalog
    street.clock.forward(hours=5)
    dead, next_one = (Relay(house.database, house.broker, "catalog", holder=name) for name in ("dead", "next one"))
    dead.pulse()
    street.clock.forward(hours=-5)
    house.say(published("1"))

    assert next_one.pulse() == 1


def test_an_inbox_without_a_reader_only_counts_versions(street: Street) -> None:
    deaf = Inbox(street.registration.database, street.registration.broker, "registration", {})
    deaf.take([sealed(published("1"), 1)])

    assert street.registration.heard() == []
    with street.registration.database.reading() as session:
        (row,) = session.execute(select(flow.inbox)).all()
    assert (row.state, row.body) == ("done", None)
