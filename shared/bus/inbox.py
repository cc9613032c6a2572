"""What comes in from the other services: stored first, handled in order, exactly once, and never in the way of others.

Every batch is one transaction: its events are stored, each is handled in a savepoint of its own, and only then does the
broker hear of it. What cannot be handled now stays here with its body, and only its own aggregate waits for it:

- ``retry``    its handler failed; again after a pause, for a day
- ``waiting``  a fact of another stream is missing (``WaitFor``); handled in the transaction that brings that fact
- ``gap``      an earlier event of the same aggregate is missing or not handled yet
- ``parked``   we do not understand it (yet): an unknown type, a newer version, no event at all
- ``dead``     given up after a day; ``parked retry`` or ``parked drop`` decides

Order is (epoch, version). An event that carries state counts only when it is newer than what was seen, and may skip
what is missing; any other is told apart by its id alone and waits for what is missing.
"""

import random
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

import structlog
from marshmallow import ValidationError
from sqlalchemy import Row, delete, func, or_, select, tuple_, update
from sqlalchemy.exc import DataError

from shared.bus.broker import Broker, Delivery
from shared.bus.outbox import tell_again
from shared.correlation import correlated
from shared.db.transaction import Database, Transaction, insert_into, new_id
from shared.events import CONTRACTS
from shared.events.contract import Contract
from shared.events.envelope import LARGEST, Envelope, UnreadableEventError, unseal
from shared.events.replay import ReplayRequested
from shared.faults import whereabouts

Handler = Callable[[Transaction, Any], None]
"""What a service does with an event: ``on_meeting_published(tx, happened)``."""

Pause = Callable[[float, float], float]
"""Gives a number of seconds between two."""

UNFINISHED = ("retry", "waiting", "gap")
PATIENCE = timedelta(days=1)
"""How long a failing handler is tried again, and a gap is waited for."""

FIRST_QUESTION = timedelta(minutes=1)
"""How long something is missing before its owner is asked to tell it again."""

_SHORTEST, _LONGEST = 5.0, 4 * 3600.0
_AT_ONCE = 50

_log = structlog.get_logger(__name__)


class WaitFor(Exception):  # noqa: N818  # what a handler says, not an error
    """Raised by a handler: the fact about ``aggregate`` ``id``, which another stream tells, is not here yet."""

    def __init__(self, aggregate: str, id: str) -> None:  # noqa: A002  # everything has an id
        super().__init__(f"{aggregate}/{id}")
        self.label = f"{aggregate}/{id}"


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


class Inbox:
    """The part of a worker that takes in what other services tell. ``handlers`` by the class of event.

    ``after_commit`` is called when a batch is stored and before the broker hears of it: a process that dies there gets
    the batch again, and knows it.
    """

    name = "inbox"

    def __init__(  # noqa: PLR0913  # the last two have defaults that only tests change
        self,
        database: Database,
        broker: Broker,
        service_name: str,
        handlers: Mapping[type[Any], Handler],
        *,
        pause: Pause = random.uniform,
        after_commit: Callable[[], None] = lambda: None,
    ) -> None:
        self.database = database
        self.broker = broker
        self.service_name = service_name
        self.handlers: dict[type[Any], Handler] = {ReplayRequested: self._answer, **handlers}
        self.pause = pause
        self.after_commit = after_commit

    def pulse(self) -> int:
        """Take what the broker has for us and try again what is due; gives how many events that were.

        Raises ``BrokerAwayError``, or what the database raises: nothing is acknowledged then, and it all comes again.
        """
        done = self._try_again()
        for publisher, deliveries in _by_publisher(self.broker.receive()).items():
            self._take_deliveries(publisher, deliveries)
            done += len(deliveries)
        return done

    def wait(self, seconds: float) -> None:
        """Until something comes in, at most ``seconds``."""
        self.broker.wait(seconds)

    def take(self, bodies: Sequence[bytes], publisher: str | None = None) -> None:
        """Store and handle ``bodies`` in one transaction; ``publisher`` is whose queue they came from, if from one."""
        with self.database.begin() as tx:
            arrivals = [_read(body.decode(errors="backslashreplace"), body, tx.now, publisher) for body in bodies]
            _Sitting(self, tx).hold(_store(tx, arrivals))

    def start_over(self) -> int:
        """Forget what was seen of all we listen to, and ask its owners to tell it again; gives how many were asked.

        Handlers compare and do not react, so being told again repairs tables and does nothing twice.
        """
        listened = self._listened_to()
        facts = [name for name, contract in CONTRACTS.items() if contract.carries_state]
        with self.database.begin() as tx:
            inbox, seen = tx.flow.inbox, tx.flow.seen
            for publisher, aggregate in listened:
                ours = (inbox.c.publisher == publisher, inbox.c.aggregate == aggregate)
                tx.session.execute(delete(inbox).where(*ours, inbox.c.type.in_(facts), inbox.c.state == "done"))
                tx.session.execute(delete(seen).where(seen.c.publisher == publisher, seen.c.aggregate == aggregate))
                self.ask(tx, publisher, aggregate)
        return len(listened)

    def ask(self, tx: Transaction, publisher: str, aggregate: str, aggregate_id: str | None = None) -> None:
        """Ask ``publisher`` to tell its facts about ``aggregate`` again: about all, or about one thing."""
        tx.publish(
            ReplayRequested(
                id=new_id(),
                asker=self.service_name,
                publisher=publisher,
                aggregate=aggregate,
                aggregate_id=aggregate_id,
            )
        )

    def owners(self, aggregate: str) -> list[str]:
        """Who tells us facts about ``aggregate``."""
        return [publisher for publisher, told in self._listened_to() if told == aggregate]

    def unhandled(self) -> Sequence[Row[Any]]:
        """The rows that are parked, dead or still to be handled, oldest first."""
        inbox = self.database.flow.inbox
        with self.database.reading() as session:
            return session.execute(select(inbox).where(inbox.c.state != "done").order_by(inbox.c.position)).all()

    def retry(self, ids: Sequence[str] = ()) -> int:
        """Handle parked and dead events (all, or those with ``ids``) at the next pulse; gives how many."""
        return self._change(ids, state="retry", attempts=0, next_attempt_at=self.database.clock())

    def drop(self, ids: Sequence[str]) -> int:
        """Give up parked and dead events for good; gives how many."""
        return self._change(ids, state="done", body=None) if ids else 0

    def _change(self, ids: Sequence[str], **values: Any) -> int:
        inbox = self.database.flow.inbox
        chosen = [inbox.c.state.in_(("parked", "dead"))] + [inbox.c.id.in_(ids)] * bool(ids)
        with self.database.begin() as tx:
            values["received_at"] = tx.now  # its day of patience begins anew
            changed = tx.session.execute(update(inbox).where(*chosen).values(values))
        return int(changed.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result has it

    def _listened_to(self) -> list[tuple[str, str]]:
        """Publisher and aggregate of every fact we have a handler for."""
        contracts = [contract for contract in CONTRACTS.values() if contract.of in self.handlers]
        return sorted(
            {
                (publisher, contract.aggregate)
                for contract in contracts
                for publisher in contract.publishers
                if contract.carries_state and publisher != self.service_name
            }
        )

    def _answer(self, tx: Transaction, asked: ReplayRequested) -> None:
        if asked.publisher == self.service_name:
            tell_again(tx, asked.aggregate, asked.aggregate_id)

    def _take_deliveries(self, publisher: str, deliveries: Sequence[Delivery]) -> None:
        """All in one transaction; should the database not take a value, one by one, so that it stops nobody else."""
        try:
            self.take([delivery.body for delivery in deliveries], publisher)
        except DataError:
            for delivery in deliveries:
                self._take_alone(publisher, delivery)
        else:
            self.after_commit()
            self.broker.acknowledge(deliveries)

    def _take_alone(self, publisher: str, delivery: Delivery) -> None:
        try:
            self.take([delivery.body], publisher)
        except DataError:
            _log.error("an event cannot be stored", publisher=publisher, digest=_digest(delivery.body))
            self.broker.reject([delivery])
        else:
            self.broker.acknowledge([delivery])

    def _try_again(self) -> int:
        inbox, now = self.database.flow.inbox, self.database.clock()
        due = (
            select(inbox)
            .where(inbox.c.state.in_(UNFINISHED), inbox.c.next_attempt_at <= now)
            .order_by(inbox.c.position)
            .limit(_AT_ONCE)
        )
        with self.database.reading() as session:
            if session.execute(due).first() is None:
                return 0
        with self.database.begin() as tx:
            _lock(tx)
            arrivals = [_read_again(row) for row in tx.session.execute(due)]
            _Sitting(self, tx).hold(arrivals)
        return len(arrivals)


class _Sitting:
    """One transaction's worth of handling."""

    def __init__(self, inbox: Inbox, tx: Transaction) -> None:
        self.inbox = inbox
        self.tx = tx
        self.seen: dict[Stream, Place] = {}
        self.advanced: set[Stream] = set()
        self.unfinished: defaultdict[Stream, dict[str, tuple[Place, str]]] = defaultdict(dict)
        self.awaited: set[str] = set()
        self.agenda: deque[Arrival] = deque()
        self.asked: set[Stream] = set()
        self.settled: set[str] = set()

    def hold(self, arrivals: Iterable[Arrival]) -> None:
        """Decide on ``arrivals`` in their order, and on what they set free."""
        self.agenda.extend(arrivals)
        self._look_up(arrival for arrival in self.agenda)
        while self.agenda:
            arrival = self.agenda.popleft()
            if arrival.id not in self.settled:  # it may be due and be set free in the same sitting
                self._decide(arrival)
        self.tx.upsert(
            self.tx.flow.seen,
            [{**stream._asdict(), **self.seen[stream]._asdict()} for stream in sorted(self.advanced)],
        )

    def _decide(self, arrival: Arrival) -> None:
        if arrival.problem:
            self._keep(arrival, "parked", error=arrival.problem)
            self._go_on_after(arrival)
        elif self._is_old(arrival):
            self._finish(arrival)
        elif self._must_wait_its_turn(arrival):
            self._keep(arrival, "gap", pause=self._question(arrival))
        else:
            self._handle(arrival)

    def _is_old(self, arrival: Arrival) -> bool:
        """Whether a newer state was seen. One that we keep may itself be what was seen, when it was given up."""
        seen = self._seen(arrival.stream)
        return arrival.carries_state and (arrival.place < seen if arrival.kept else arrival.place <= seen)

    def _must_wait_its_turn(self, arrival: Arrival) -> bool:
        """Whether an earlier event of its stream is still to be handled, or missing."""
        if self._is_behind_another(arrival):
            return True
        seen, place = self._seen(arrival.stream), arrival.place
        is_missing = place.epoch <= max(seen.epoch, 1) and place.version > seen.version + 1
        return is_missing and not arrival.carries_state and not self._is_overdue(arrival)

    def _is_behind_another(self, arrival: Arrival) -> bool:
        return any(
            place < arrival.place and state != "gap" and id_ != arrival.id
            for id_, (place, state) in self.unfinished[arrival.stream].items()
        )

    def _is_overdue(self, arrival: Arrival) -> bool:
        return self.tx.now - arrival.received_at >= PATIENCE

    def _handle(self, arrival: Arrival) -> None:
        contract, envelope = arrival.contract, arrival.envelope
        assert contract, "only what is understood gets here"
        assert envelope, "only what is understood gets here"
        handler = self.inbox.handlers.get(contract.of)
        if handler is None:
            self._finish(arrival)
            return
        try:
            happened = contract.load(envelope.data)
        except ValidationError as error:
            self._keep(arrival, "parked", error=f"data: {error.messages}"[:1000])
            self._go_on_after(arrival)
            return
        try:
            with self.tx.attempt(), correlated(envelope.correlation_id, caused_by=envelope.id):
                handler(self.tx, happened)
        except WaitFor as missing:
            self._wait_for(arrival, missing)
        except Exception as error:  # noqa: BLE001  # whatever it is, it concerns this event only
            self._try_later(arrival, error)
        else:
            self._finish(arrival)

    def _wait_for(self, arrival: Arrival, missing: WaitFor) -> None:
        aggregate, aggregate_id = missing.label.split("/", 1)
        self.awaited.add(missing.label)
        pause = FIRST_QUESTION
        if arrival.kept and arrival.attempts:
            pause = self._later(arrival.attempts)
        if arrival.kept:
            for publisher in self.inbox.owners(aggregate):
                self._ask(Stream(publisher, aggregate, aggregate_id))
        self._keep(arrival, "waiting", waiting_for=missing.label, pause=pause)

    def _try_later(self, arrival: Arrival, error: Exception) -> None:
        """Without the error's own text, which may quote a person."""
        where = whereabouts(error)
        _log.warning("an event could not be handled", id=arrival.id, type=arrival.type, error=where)
        if self._is_overdue(arrival):
            self._keep(arrival, "dead", error=where)
            self._go_on_after(arrival)
        else:
            self._keep(arrival, "retry", error=where, pause=self._later(arrival.attempts + 1))

    def _question(self, arrival: Arrival) -> timedelta:
        """When to look at a gap again; asks for what is missing if we were waiting for it already."""
        if not arrival.kept:
            return FIRST_QUESTION
        if not self._is_behind_another(arrival):
            self._ask(arrival.stream)
        return max(FIRST_QUESTION, self._later(arrival.attempts))

    def _later(self, attempts: int) -> timedelta:
        """A pause with full jitter that grows with the attempts, from 5 seconds to 4 hours."""
        longest = min(_SHORTEST * 2 ** min(attempts, 20), _LONGEST)
        return timedelta(seconds=self.inbox.pause(_SHORTEST, longest))

    def _ask(self, stream: Stream) -> None:
        if stream not in self.asked:
            self.asked.add(stream)
            self.inbox.ask(self.tx, *stream)

    def _finish(self, arrival: Arrival) -> None:
        """Done; a new one was stored as done, for nearly all are."""
        if arrival.kept:
            self._write(arrival, state="done", body=None, error=None, waiting_for=None, next_attempt_at=None)
        self._go_on_after(arrival)
        label = f"{arrival.stream.aggregate}/{arrival.stream.aggregate_id}"
        if label in self.awaited:
            self.awaited.discard(label)
            self._bring_back(self.tx.flow.inbox.c.waiting_for == label, "waiting")

    def _go_on_after(self, arrival: Arrival) -> None:
        """The stream has come this far: whoever stood behind may try."""
        stream = arrival.stream
        self.seen[stream] = max(self._seen(stream), arrival.place)
        self.advanced.add(stream)
        self.settled.add(arrival.id)
        self.unfinished[stream].pop(arrival.id, None)
        if self.unfinished[stream]:
            inbox = self.tx.flow.inbox
            behind = tuple_(inbox.c.publisher, inbox.c.aggregate, inbox.c.aggregate_id) == tuple(stream)
            self._bring_back(behind, "gap", limit=1)

    def _keep(
        self,
        arrival: Arrival,
        state: str,
        *,
        error: str = "",
        waiting_for: str | None = None,
        pause: timedelta | None = None,
    ) -> None:
        if state in UNFINISHED:
            self.unfinished[arrival.stream][arrival.id] = (arrival.place, state)
        self._write(
            arrival,
            state=state,
            body=arrival.body,
            error=error or None,
            waiting_for=waiting_for,
            attempts=arrival.attempts + 1,
            next_attempt_at=None if pause is None else self.tx.now + pause,
        )

    def _write(self, arrival: Arrival, **values: Any) -> None:
        inbox = self.tx.flow.inbox
        self.tx.session.execute(update(inbox).where(inbox.c.id == arrival.id).values(values))

    def _bring_back(self, chosen: Any, state: str, limit: int | None = None) -> None:
        """Put kept events on the agenda, before what else is on it."""
        inbox = self.tx.flow.inbox
        rows = self.tx.session.execute(
            select(inbox)
            .where(chosen, inbox.c.state == state)
            .order_by(inbox.c.epoch, inbox.c.version, inbox.c.position)
            .limit(limit)
        )
        arrivals = [_read_again(row) for row in rows]
        self._look_up(arrivals)
        self.agenda.extendleft(reversed(arrivals))

    def _seen(self, stream: Stream) -> Place:
        return self.seen.get(stream, NOWHERE)

    def _look_up(self, arrivals: Iterable[Arrival]) -> None:
        """What was seen of the streams of ``arrivals``, what of them is unfinished, and who waits for them."""
        new = {arrival.stream for arrival in arrivals} - self.seen.keys()
        if not new:
            return
        flow, session = self.tx.flow, self.tx.session
        self.seen.update(dict.fromkeys(new, NOWHERE))
        columns = flow.seen.c
        for row in session.execute(
            select(flow.seen).where(tuple_(columns.publisher, columns.aggregate, columns.aggregate_id).in_(new))
        ):
            self.seen[Stream(row.publisher, row.aggregate, row.aggregate_id)] = Place(row.epoch, row.version)
        inbox = flow.inbox.c
        labels = [f"{stream.aggregate}/{stream.aggregate_id}" for stream in new]
        mine = tuple_(inbox.publisher, inbox.aggregate, inbox.aggregate_id).in_(new)
        for row in session.execute(
            select(flow.inbox).where(inbox.state.in_(UNFINISHED), or_(mine, inbox.waiting_for.in_(labels)))
        ):
            place = Place(row.epoch, row.version)
            self.unfinished[Stream(row.publisher, row.aggregate, row.aggregate_id)][row.id] = (place, row.state)
            if row.waiting_for:
                self.awaited.add(row.waiting_for)


def _lock(tx: Transaction) -> None:
    """One sitting at a time in a service: two would race for the order of a stream."""
    tx.upsert(tx.flow.lease, [{"name": "inbox", "holder": "whoever has it locked", "until": tx.now}])


def _store(tx: Transaction, arrivals: Iterable[Arrival]) -> list[Arrival]:
    """Store ``arrivals`` as done, which nearly all are in a moment; give those that were not here yet."""
    _lock(tx)
    inbox = tx.flow.inbox
    unique = {arrival.id: arrival for arrival in arrivals}
    if not unique:
        return []
    last = tx.session.scalar(select(func.max(inbox.c.position))) or 0
    stored = tx.session.scalars(
        insert_into(tx.session, inbox).on_conflict_do_nothing(index_elements=["id"]).returning(inbox.c.id),
        [
            {
                "id": arrival.id,
                "position": position,
                **arrival.stream._asdict(),
                **arrival.place._asdict(),
                "type": arrival.type,
                "state": "done",
                "attempts": 0,
                "received_at": arrival.received_at,
            }
            for position, arrival in enumerate(unique.values(), last + 1)
        ],
    )
    new = set(stored)
    return [arrival for arrival in unique.values() if arrival.id in new]


def _read(text: str, body: bytes, now: datetime, publisher: str | None) -> Arrival:
    """What came in. What is no event, or comes from where it should not, gets a name of its own: its digest."""
    try:
        envelope = _from(publisher, unseal(body))
    except UnreadableEventError as error:
        name = f"unreadable-{_digest(body)}"
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


def _read_again(row: Row[Any]) -> Arrival:
    """What is kept, read with what we understand today."""
    body = row.body or ""
    read = _read(body, body.encode(), row.received_at, None)
    stream, place = Stream(row.publisher, row.aggregate, row.aggregate_id), Place(row.epoch, row.version)
    understood = read.id == row.id
    return Arrival(
        id=row.id,
        stream=read.stream if understood else stream,
        place=read.place if understood else place,
        type=row.type,
        body=body,
        received_at=row.received_at,
        envelope=read.envelope,
        contract=read.contract,
        problem=read.problem if understood or read.problem else row.error or "not the event it was stored as",
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


def _digest(body: bytes) -> str:
    return sha256(body).hexdigest()


def _by_publisher(deliveries: Iterable[Delivery]) -> dict[str, list[Delivery]]:
    grouped: defaultdict[str, list[Delivery]] = defaultdict(list)
    for delivery in deliveries:
        grouped[delivery.publisher].append(delivery)
    return grouped
