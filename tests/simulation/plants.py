"""Bugs that are planted: a part that is given instead of production's, each with a mistake that somebody might make.

Every one of them must be found, or the simulation would not find its like if it were real.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select

from services.notifications.post.outlet import NotNowError, RefusedError
from services.notifications.post.sender import Sender, _Claimed, _mark_sent, _Tried
from services.registration.actions.set_standing import Change, set_standings
from services.registration.actions.settle import given_up, settled, settled_meeting
from services.registration.actions.sign_up import sign_up
from services.registration.actions.sign_up_batch import Batch
from services.registration.actions.write_sign_ups import write_sign_ups
from services.registration.gate import SeatLock
from services.registration.queries.meetings import meeting_by
from services.registration.queries.seats import seats_of
from services.registration.queries.sign_ups import people_at
from services.registration.rules.decision import Refused
from services.registration.rules.sign_ups import Outcome, SignUp
from services.registration.tables import meeting
from shared.bus.arrivals import Arrival, read
from shared.bus.broker import Broker, Delivery, Message
from shared.bus.broker.lines import Outlet
from shared.bus.handling import Sitting
from shared.bus.inbox import Inbox
from shared.bus.outbox import Relay
from shared.bus.storing import store
from shared.db.transaction import Transaction, _Said
from tests.simulation.desk import ACT, Desk
from tests.simulation.life import Told, live
from tests.simulation.parts import Parts, Watched
from tests.simulation.village import village

# At the desk of registration


def _no_lock(meanwhile: Callable[[], None]) -> SeatLock:
    def look(tx: Transaction, meeting_ids: Collection[str]) -> None:
        tx.session.execute(select(meeting.c.taken).where(meeting.c.id.in_(meeting_ids))).all()
        meanwhile()

    return SeatLock(hold=look, begins="DEFERRED")


class LooksBeforeItHolds(Desk):
    """Reads how the seats stand, and only then locks the meeting."""

    def sign_up(self, meeting_id: str, request: SignUp) -> Outcome:
        with self.database.reading() as session:
            row = meeting_by(session, meeting_id)
        self.meanwhile()
        if row is None:
            return super().sign_up(meeting_id, request)
        with self.database.begin() as tx:
            self.lock.hold(tx, [meeting_id])
            batch = Batch(tx, seats_of(row), [request], people_at(tx.session, {meeting_id: [request]})[meeting_id])
            (outcome,) = batch.decide()
            write_sign_ups(tx, [batch])
        self.answer(meeting_id, request, outcome)
        return outcome


class AnswersBeforeItCommits(Desk):
    """Tells people what they have before it is written down."""

    def sign_up(self, meeting_id: str, request: SignUp) -> Outcome:
        with self.database.begin() as tx:
            self.lock.hold(tx, meeting_id)
            (outcome,) = sign_up(tx, meeting_id, [request])
            self.answer(meeting_id, request, outcome)
            self.perhaps_die()
        return outcome


class RefusesWhoHesitates(Desk):
    """Takes "rather not wait" for "rather not"."""

    def sign_up(self, meeting_id: str, request: SignUp) -> Outcome:
        if not request.or_nothing:
            return super().sign_up(meeting_id, request)
        refused = Refused("full")
        self.answer(meeting_id, request, refused)
        return refused


class PromotesLater(Desk):
    """Frees a seat in one transaction, and gives it to the next in another."""

    def act(self, name: str, registration_id: str) -> object:
        if name != "leave":
            return super().act(name, registration_id)
        with self.database.begin() as tx:
            seats, row = settled(tx, registration_id)
            set_standings(tx, seats, [Change(row, given_up(tx, seats, row, "cancelled"), ACT)])
        self.perhaps_die()
        with self.database.begin() as tx:
            return settled_meeting(tx, row["meeting_id"])


# In the journal and the relay


class WritesTheJournalLater(Watched):
    """Writes the change in one transaction, and what is told of it in the next."""

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        said: list[_Said] = []
        with super().begin() as tx:
            yield tx
            said = list(tx._events)  # noqa: SLF001  # what a naive journal would take over
            tx._events.clear()  # noqa: SLF001
        self.perhaps_die()
        if said:
            with super().begin() as tx:
                tx._events.extend(said)  # noqa: SLF001


class FollowsACursor(Relay):
    """Publishes what comes after the last position that it published: ``id >``."""

    _last = -1

    def _messages(self) -> list[Message]:
        outbox = self.database.flow.outbox
        with self.database.reading() as session:
            if self._last < 0:
                published = select(func.max(outbox.c.position)).where(outbox.c.published_at.is_not(None))
                self._last = session.scalar(published) or 0
            rows = session.execute(
                select(outbox).where(outbox.c.position > self._last).order_by(outbox.c.position).limit(500)
            ).all()
        if rows:
            self._last = rows[-1].position
        return [message for row in rows if (message := self._message(row))]


class MarksFirst(Relay):
    """Marks events as published before they are."""

    def pulse(self) -> int:
        messages = self._messages() if self._leads() else []
        self._mark({message.id for message in messages})
        if messages:
            self.after_publish()
            self.broker.publish(messages)
        return len(messages)


class TakesSilenceForYes(Relay):
    """Marks a batch as published, whatever of it was confirmed."""

    def pulse(self) -> int:
        messages = self._messages() if self._leads() else []
        try:
            if messages:
                self.broker.publish(messages)
        finally:
            self._mark({message.id for message in messages})
        return len(messages)


# On the connection


class _KeepsItsChannel(Outlet):
    """Goes on with its channel after a time-out, and takes any answer for that of the oldest message under way."""

    def publish(self, messages: Sequence[Message]) -> set[str]:
        if self.connection:
            self._unanswered.clear()
        return super().publish(messages)

    def drop(self) -> None:
        if self.connection is not None and not self.connection.is_open:  # type: ignore[attr-defined]  # it is a Line
            super().drop()

    def _answered(self, tag: int, multiple: bool) -> list[str]:  # noqa: FBT001  # the shape AMQP gives it
        del tag, multiple
        oldest = min(self._unanswered, default=None)
        return [] if oldest is None else [self._unanswered.pop(oldest)]


class _TakesNoForYes(Outlet):
    """Takes a refusal for a confirmation."""

    def _nack(self, tag: int, multiple: bool) -> None:  # noqa: FBT001  # the shape AMQP gives it
        self._ack(tag, multiple)


class _HearsNoReturn(Outlet):
    """Takes what no queue took for published: the broker confirms that too."""

    def _return(self, error: Exception, exchange: str, key: str, message: Any) -> None:
        """Nobody listens."""


class ReusesTheChannel(Broker):
    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._outlet.__class__ = _KeepsItsChannel


class ConfirmsRefusals(Broker):
    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._outlet.__class__ = _TakesNoForYes


class OverlooksReturns(Broker):
    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._outlet.__class__ = _HearsNoReturn


# In the inbox


class AcknowledgesFirst(Inbox):
    """Lets the broker forget what is not stored yet."""

    def _take_deliveries(self, publisher: str, deliveries: Sequence[Delivery]) -> None:
        self.broker.acknowledge(deliveries)
        self.after_commit()
        self.take([delivery.body for delivery in deliveries], publisher)


class StoresAndHandlesApart(Inbox):
    """Stores in one transaction and handles in the next."""

    def take(self, bodies: Sequence[bytes], publisher: str | None = None) -> None:
        with self.database.begin() as tx:
            arrivals = store(tx, [read(body, tx.now, publisher) for body in bodies])
        self.after_commit()
        with self.database.begin() as tx:
            Sitting(self, tx).hold(arrivals)


class KnowsNothingAgain(Inbox):
    """Handles what it has stored before once more."""

    def take(self, bodies: Sequence[bytes], publisher: str | None = None) -> None:
        with self.database.begin() as tx:
            arrivals = {each.id: each for body in bodies for each in [read(body, tx.now, publisher)]}
            store(tx, arrivals.values())
            Sitting(self, tx).hold(arrivals.values())
            self.before_commit()


class _SeesNoVersions(Sitting):
    def _is_old(self, arrival: Arrival) -> bool:
        del arrival
        return False


class _DropsWhatFails(Sitting):
    def _try_later(self, arrival: Arrival, error: Exception) -> None:
        del error
        self._finish(arrival)


class _JumpsTheQueue(Sitting):
    def _must_wait_its_turn(self, arrival: Arrival) -> bool:
        del arrival
        return False


class _Sits(Inbox):
    sitting = Sitting

    def take(self, bodies: Sequence[bytes], publisher: str | None = None) -> None:
        with self.database.begin() as tx:
            self.sitting(self, tx).hold(store(tx, [read(body, tx.now, publisher) for body in bodies]))
            self.before_commit()


class ChecksNoVersion(_Sits):
    """Takes every state for the newest."""

    sitting = _SeesNoVersions


class DropsWhatFails(_Sits):
    """A handler that failed is not called again."""

    sitting = _DropsWhatFails


class JumpsTheQueue(_Sits):
    """What comes before its turn is handled before its turn."""

    sitting = _JumpsTheQueue


# Mail


class MarksMailFirst(Sender):
    """Marks a mail as sent before it is handed over."""

    def _try(self, claimed: _Claimed) -> _Tried:
        with self.database.begin() as tx:
            _mark_sent(tx, claimed)
        return super()._try(claimed)


class GivesUpAtOnce(Sender):
    """Takes "not now" for "never"."""

    def _mark_not_taken(self, tx: Transaction, claimed: _Claimed, error: RefusedError | NotNowError) -> None:
        super()._mark_not_taken(tx, claimed, RefusedError(str(error)))


@dataclass(frozen=True)
class Plant:
    """A bug: the parts of a life that has it, and the faults that are surely in the air when it is looked for."""

    parts: Parts
    weather: Sequence[str]


def _plant(*weather: str, **parts: Any) -> Plant:
    return Plant(replace(Parts(), **parts), weather)


PLANTS: dict[str, Plant] = {
    "no lock on the meeting": _plant("something comes in between", lock=_no_lock),
    "the seats are read before the lock": _plant("something comes in between", desk=LooksBeforeItHolds),
    "answered before the commit": _plant("killed", desk=AnswersBeforeItCommits),
    "who would rather not wait is refused": _plant(desk=RefusesWhoHesitates),
    "promotion outside the transaction": _plant("killed", desk=PromotesLater),
    "the journal in a transaction of its own": _plant("killed", database=WritesTheJournalLater),
    "a cursor, id >": _plant("refused by the broker", relay=FollowsACursor),
    "marked before it is published": _plant("cut before the broker has it", relay=MarksFirst),
    "unconfirmed is marked too": _plant("cut before the broker has it", relay=TakesSilenceForYes),
    "the channel is used again after a time-out": _plant(
        "confirmed too late", "refused by the broker", broker=ReusesTheChannel
    ),
    "a refusal confirms": _plant("refused by the broker", broker=ConfirmsRefusals),
    "returns are not heard": _plant("lost", broker=OverlooksReturns),
    "acknowledged before the commit": _plant("killed", inbox=AcknowledgesFirst),
    "stored and handled in two transactions": _plant("killed", inbox=StoresAndHandlesApart),
    "what was seen is handled again": _plant("doubled", inbox=KnowsNothingAgain),
    "no version check": _plant("out of turn", inbox=ChecksNoVersion),
    "a handler that failed is not tried again": _plant("a handler fails", inbox=DropsWhatFails),
    "nobody waits their turn": _plant("a handler fails", "out of turn", inbox=JumpsTheQueue),
    "mail is marked before it is handed over": _plant("mail not taken now", sender=MarksMailFirst),
    "mail is given up at the first try": _plant("mail not taken now", sender=GivesUpAtOnce),
}
"""Each bug by what is wrong."""

MOST_SEEDS = 300
"""So many lives at most find each of them."""


def found_by(plant: Plant) -> Told | None:
    """The first life that shows the bug; None where none of ``MOST_SEEDS`` does."""
    lives = (live(village(), seed, parts=plant.parts, weather=plant.weather) for seed in range(MOST_SEEDS))
    return next((told for told in lives if told.wrong), None)
