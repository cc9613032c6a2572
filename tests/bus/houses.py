"""Two small services, with nothing but the flow of events and a book in which is written what was heard."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Integer, String, Table, select

from shared.bus.broker import Broker
from shared.bus.handling import Handler, WaitFor
from shared.bus.inbox import Inbox
from shared.bus.outbox import Relay
from shared.db.base import flow_tables, new_metadata
from shared.db.engine import make_engine
from shared.db.transaction import Database, Transaction
from shared.db.wake import Bell
from shared.events.access import LinkRequested
from shared.events.catalog import MeetingChanged, MeetingPublished
from shared.events.contract import contract_of
from shared.events.registration import RegistrationConfirmed, RegistrationRepeated
from tests.builders import NOON

metadata = new_metadata()
flow = flow_tables(metadata)
book = Table(
    "book",
    metadata,
    Column("line", Integer, primary_key=True),
    Column("type", String(80), nullable=False),
    Column("about", String(200), nullable=False),
    Column("note", String(200), nullable=False),
)


@dataclass
class Clock:
    """Stands still until it is moved."""

    now: datetime = field(default=NOON)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **time: float) -> None:
        self.now += timedelta(**time)


class House:
    """One service, on a database of its own."""

    def __init__(
        self,
        name: str,
        database_url: str,
        broker_url: str,
        clock: Clock,
        handlers: Mapping[type[Any], Handler] | None = None,
        **points: Any,
    ) -> None:
        self.name = name
        engine = make_engine(database_url)
        metadata.create_all(engine)
        self.database = Database(engine, flow, bell=Bell(), clock=clock)
        self.broker = Broker(broker_url, name)
        after_publish = points.pop("after_publish", lambda: None)
        self.relay = Relay(self.database, self.broker, name, after_publish=after_publish)
        self.inbox = Inbox(self.database, self.broker, name, HANDLERS if handlers is None else handlers, **points)

    def say(self, *events: object) -> None:
        """Let ``events`` happen, in one commit."""
        with self.database.begin() as tx:
            for event in events:
                tx.publish(event)

    def heard(self) -> list[tuple[str, str]]:
        """What was written down: event and note, in order."""
        with self.database.reading() as session:
            return [(row.type, row.note) for row in session.execute(select(book).order_by(book.c.line))]

    def kept(self) -> dict[str, str]:
        """What the inbox could not finish: type and state."""
        return {row.type: row.state for row in self.inbox.unhandled()}

    def close(self) -> None:
        self.broker.close()
        self.database.engine.dispose()


def write_down(tx: Transaction, happened: Any) -> None:
    """Write what happened in the book."""
    contract = contract_of(happened)
    note = happened.meeting.format if contract.aggregate == "meeting" else ""
    tx.session.execute(
        book.insert().values(type=contract.name, about=contract.aggregate_id(happened), note=note or "-")
    )


def write_down_when_the_meeting_is_known(tx: Transaction, happened: Any) -> None:
    """Like registration's readers: a registration says nothing before its meeting is here."""
    meeting_id = happened.registration.meeting_id
    if tx.session.scalar(select(book.c.line).where(book.c.about == meeting_id)) is None:
        raise WaitFor("meeting", meeting_id)
    write_down(tx, happened)


HANDLERS: dict[type[Any], Handler] = {
    MeetingPublished: write_down,
    MeetingChanged: write_down,
    LinkRequested: write_down,
    RegistrationConfirmed: write_down_when_the_meeting_is_known,
    RegistrationRepeated: write_down,
}


def settle(*houses: House, rounds: int = 200) -> None:
    """Pulse until nobody has anything left to do."""
    for _ in range(rounds):
        if not sum(house.relay.pulse() + house.inbox.pulse() for house in houses):
            return
    raise AssertionError(f"not quiet after {rounds} rounds")
