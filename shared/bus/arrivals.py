"""What came in: one event with its place in its stream, as read from the wire or from what we kept of it."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Row

from shared.events import CONTRACTS
from shared.events.contract import Contract
from shared.events.envelope import LARGEST, Envelope, UnreadableEventError, unseal


class Stream(NamedTuple):
    """All events about one thing by one publisher; versions count within it."""

    publisher: str
    aggregate: str
    aggregate_id: str


class Place(NamedTuple):
    """An event's place in its stream."""

    epoch: int
    version: int


NOWHERE = Place(0, 0)


@dataclass(frozen=True)
class Arrival:
    """An event that came in: new, or kept here since an earlier attempt (``kept``)."""

    id: str
    stream: Stream
    place: Place
    type: str
    body: str
    received_at: datetime
    envelope: Envelope | None = None
    contract: Contract | None = None
    problem: str = ""
    kept: bool = False
    attempts: int = 0

    @property
    def carries_state(self) -> bool:
        """Whether it alone is enough to know the thing."""
        return self.contract is not None and self.contract.carries_state


def read(body: bytes, now: datetime, publisher: str | None) -> Arrival:
    """What came in. What is no event, or comes from where it should not, gets a name of its own: its digest."""
    text = body.decode(errors="backslashreplace")
    try:
        envelope = _from(publisher, unseal(body))
    except UnreadableEventError as error:
        name = f"unreadable-{digest(body)}"
        stream = Stream(publisher or "", "", name)
        return Arrival(name, stream, NOWHERE, "", _storable(text), now, problem=str(error)[:1000])
    contract = CONTRACTS.get(envelope.type)
    return Arrival(
        id=envelope.id,
        stream=Stream(envelope.publisher, envelope.aggregate, envelope.aggregate_id),
        place=Place(envelope.epoch, envelope.version),
        type=envelope.type,
        body=text,
        received_at=now,
        envelope=envelope,
        contract=contract,
        problem=_why_not(envelope, contract),
    )


def _from(publisher: str | None, envelope: Envelope) -> Envelope:
    if publisher not in (None, envelope.publisher):
        raise UnreadableEventError(f"{envelope.publisher} does not speak through the queue of {publisher}")
    return envelope


def read_again(row: Row[Any]) -> Arrival:
    """What is kept, read with what we understand today."""
    body = row.body or ""
    again = read(body.encode(), row.received_at, None)
    stream, place = Stream(row.publisher, row.aggregate, row.aggregate_id), Place(row.epoch, row.version)
    understood = again.id == row.id
    return Arrival(
        id=row.id,
        stream=again.stream if understood else stream,
        place=again.place if understood else place,
        type=row.type,
        body=body,
        received_at=row.received_at,
        envelope=again.envelope,
        contract=again.contract,
        problem=again.problem if understood or again.problem else row.error or "not the event it was stored as",
        kept=True,
        attempts=row.attempts,
    )


def _why_not(envelope: Envelope, contract: Contract | None) -> str:
    """Why we cannot take it, or nothing."""
    if contract is None:
        return f"{envelope.type}: an event we do not know"
    if envelope.type_version > contract.version:
        return f"{envelope.type}: version {envelope.type_version}, we know up to {contract.version}"
    if envelope.publisher not in contract.publishers:
        return f"{envelope.type}: not for {envelope.publisher} to tell"
    return ""


def _storable(text: str) -> str:
    """At most 64 kB, and without NUL, which PostgreSQL keeps in no text."""
    return text.replace("\x00", "\\x00")[:LARGEST]


def digest(body: bytes) -> str:
    """What ``body`` can be told by without saying what it holds."""
    return sha256(body).hexdigest()
