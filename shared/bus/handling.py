"""How what came in is handled: in order, and only its own stream waits for what cannot be handled yet."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog
from marshmallow import ValidationError
from sqlalchemy import or_, select, tuple_, update

from shared.bus.arrivals import NOWHERE, Arrival, Place, Stream, read_again
from shared.bus.epochs import notice
from shared.bus.erasing import heard
from shared.bus.overtaking import handled_at
from shared.correlation import correlated
from shared.db.transaction import Transaction
from shared.events.replay import ABOUT_OURSELVES
from shared.faults import whereabouts
from shared.tracing.spans import handling

if TYPE_CHECKING:
    from shared.bus.inbox import Inbox

Handler = Callable[[Transaction, Any], None]
"""What a service does with an event: ``on_meeting_published(tx, happened)``."""

Attempt = Callable[[], AbstractContextManager[None]]
Pause = Callable[[float, float], float]
"""Gives a number of seconds between two."""

UNFINISHED = ("retry", "waiting", "gap")
PATIENCE = timedelta(days=1)
"""How long a failing handler is tried again, and a gap is waited for."""

FIRST_QUESTION = timedelta(minutes=1)
"""How long something is missing before its owner is asked to tell it again."""

_SHORTEST, _LONGEST = 5.0, 4 * 3600.0

_log = structlog.get_logger(__name__)


class WaitFor(Exception):  # noqa: N818  # what a handler says, not an error
    """Raised by a handler: the fact about ``aggregate`` ``id``, which another stream tells, is not here yet."""

    def __init__(self, aggregate: str, id: str) -> None:  # noqa: A002  # everything has an id
        super().__init__(f"{aggregate}/{id}")
        self.label = f"{aggregate}/{id}"


class Sitting:
    """One transaction's worth of handling; each event within an ``attempt``, which is a savepoint if none is given."""

    def __init__(self, inbox: "Inbox", tx: Transaction, attempt: Attempt | None = None) -> None:
        self.inbox = inbox
        self.tx = tx
        self.attempt = attempt or tx.attempt
        self.seen: dict[Stream, Place] = {}
        self.facts: dict[Stream, Place] = {}
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
        self._write_seen()

    def _write_seen(self) -> None:
        rows = []
        for stream in sorted(self.advanced):
            fact = self.facts[stream]
            place = {**self.seen[stream]._asdict(), "fact_epoch": fact.epoch, "fact_version": fact.version}
            rows.append({**stream._asdict(), **place})
        self.tx.upsert(self.tx.flow.seen, rows)
        self.advanced.clear()

    def _decide(self, arrival: Arrival) -> None:
        if arrival.problem:
            self._keep(arrival, "parked", error=arrival.problem)
            self._go_on_after(arrival)
        elif self._is_old(arrival):
            self._look_for_twin(arrival)
            self._finish(arrival)
        elif self._must_wait_its_turn(arrival):
            self._keep(arrival, "gap", pause=self._question(arrival))
        else:
            self._handle(arrival)

    def _is_old(self, arrival: Arrival) -> bool:
        """Whether a newer state was handled. One that we keep may itself be what was passed over, when given up."""
        fact = self.facts.get(arrival.stream, NOWHERE)
        return arrival.carries_state and (arrival.place < fact if arrival.kept else arrival.place <= fact)

    def _look_for_twin(self, arrival: Arrival) -> None:
        """Nobody says two things in one place of a stream, unless their database was put back to an older state."""
        inbox, stream, place = self.tx.flow.inbox.c, arrival.stream, arrival.place
        same = (
            tuple_(inbox.publisher, inbox.aggregate, inbox.aggregate_id) == tuple(stream),
            tuple_(inbox.epoch, inbox.version) == tuple(place),
            inbox.id != arrival.id,
        )
        if self.tx.session.scalar(select(inbox.id).where(*same).limit(1)) is None:
            return
        notice(self.tx, stream.publisher, place.epoch, self.inbox.service_name)

    def _must_wait_its_turn(self, arrival: Arrival) -> bool:
        """Whether an earlier event of its stream is still to be handled, or missing."""
        if self._is_behind_another(arrival):
            return True
        seen, place = self._seen(arrival.stream), arrival.place
        is_missing = place.epoch <= max(seen.epoch, 1) and place.version > seen.version + 1
        return is_missing and not arrival.carries_state and not self._waited_in_vain(arrival)

    def _is_behind_another(self, arrival: Arrival) -> bool:
        return any(
            place < arrival.place and state != "gap" and id_ != arrival.id
            for id_, (place, state) in self.unfinished[arrival.stream].items()
        )

    def _waited_in_vain(self, arrival: Arrival) -> bool:
        """Whether what is missing before it was asked for, and long enough: a day switched off is no such day."""
        return self._is_overdue(arrival) and arrival.attempts > 1

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
        if contract.aggregate in ABOUT_OURSELVES:
            self._write_seen()  # they compare it
        data = heard(self.inbox.ledger, self.tx, contract, envelope) if self.inbox.ledger else envelope.data
        if data is None:
            self._finish(arrival)
            return
        try:
            happened = contract.load(data)
        except ValidationError as error:
            self._keep(arrival, "parked", error=f"data: {error.messages}"[:1000])
            self._go_on_after(arrival)
            return
        try:
            with (
                self.attempt(),
                correlated(envelope.correlation_id, caused_by=envelope.id),
                handled_at(arrival.place, self.facts.get(arrival.stream, NOWHERE)),
                handling(self.inbox.service_name, envelope.type, envelope.id, envelope.traceparent),
            ):
                handler(self.tx, happened)
                _log.info("event handled", service=self.inbox.service_name, id=envelope.id, type=envelope.type)
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
        if arrival.carries_state:
            self.facts[arrival.stream] = max(self.facts.get(arrival.stream, NOWHERE), arrival.place)
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
        arrivals = [read_again(row) for row in rows]
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
        self.facts.update(dict.fromkeys(new, NOWHERE))
        columns = flow.seen.c
        for row in session.execute(
            select(flow.seen).where(tuple_(columns.publisher, columns.aggregate, columns.aggregate_id).in_(new))
        ):
            stream = Stream(row.publisher, row.aggregate, row.aggregate_id)
            self.seen[stream] = Place(row.epoch, row.version)
            self.facts[stream] = Place(row.fact_epoch, row.fact_version)
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
