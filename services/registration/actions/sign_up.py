"""Sign people up for one meeting, in order of arrival: all who ask at the same moment share a transaction.

First everything is decided, then what was decided is written. Who signs up twice stays as they are and gets the answer
that a newcomer would get, so that an onlooker learns nothing; ``registration.repeated`` lets the mail say what is true.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

from sqlalchemy import bindparam

from services.registration.actions.settle import keep_counts, raised, settle
from services.registration.actions.tell_registration import Place, tell_registration, tell_repeated
from services.registration.queries import (
    Seats,
    answered,
    first_waiting,
    known_groups,
    meeting_by,
    place_of,
    registered,
    seats_of,
)
from services.registration.rules.decision import Decision, Refused, Seat, Wait
from services.registration.rules.opening import refuse_now, refuse_role
from services.registration.rules.standing import is_registered
from services.registration.rules.waiting import Line, decide_all
from services.registration.tables import history, idempotency, registration
from shared.correlation import correlated
from shared.db.transaction import Transaction, new_id


@dataclass(frozen=True, kw_only=True)
class SignUp:
    """What someone asks for. ``email`` as typed, ``address_key`` what identifies the person behind it.

    ``key`` and ``body_hash`` are hashes: of the key the request came with, if any, and of what it asked.
    """

    name: str
    email: str
    address_key: str
    target_group: str
    organisation: str = ""
    organisation_id: str | None = None
    language: Literal["nl", "en"] = "nl"
    attendance: Literal["venue", "online"] = "venue"
    answers: Mapping[str, str] = field(default_factory=dict)
    key: str | None = None
    body_hash: str = ""
    correlation_id: str | None = None


@dataclass(frozen=True)
class Answered:
    """What the person is told: a seat, or ``place`` 1…n on the waiting list."""

    status: Literal["confirmed", "waitlisted"]
    place: int | None = None


@dataclass(frozen=True)
class KeyReused:
    """The request's key came before, with another request."""


@dataclass(frozen=True)
class GroupUnknown:
    """The network knows no such target group."""


Outcome: TypeAlias = Answered | Refused | KeyReused | GroupUnknown


def sign_up(tx: Transaction, meeting_id: str, requests: Sequence[SignUp]) -> list[Outcome]:
    """Decide on each request in turn and write what was decided; gives an outcome for each, in the same order.

    The meeting must be locked; the seat gate does so.
    """
    row = meeting_by(tx.session, meeting_id)
    if row is None:
        return [Refused("meeting-unknown") for _ in requests]
    batch = _Batch(tx, settle(tx, seats_of(row)), requests)
    outcomes = batch.decide()
    batch.write()
    return outcomes


class _Batch:
    """The requests of one moment, what is known about them, and the rows that their decisions lead to."""

    def __init__(self, tx: Transaction, seats: Seats, requests: Sequence[SignUp]) -> None:
        self.tx = tx
        self.seats = seats
        self.requests = requests
        self.groups = known_groups(tx.session) | set(seats.groups)
        self.answers = _stored_answers(tx, seats.meeting_id, requests)
        self.people = _people(tx, seats.meeting_id, requests)
        self.queue_number = seats.queue_number
        self.new: list[dict[str, Any]] = []
        self.again: list[dict[str, Any]] = []
        self.changes: list[dict[str, Any]] = []
        self.new_answers: list[dict[str, Any]] = []

    def decide(self) -> list[Outcome]:
        """An outcome for each request; each newcomer finds the seats as those before them left them."""
        waiting = [row.target_group for row in first_waiting(self.tx.session, self.seats, self.tx.now)]
        line = Line(self.seats.waiting, waiting)
        newcomers = self._newcomers()
        groups = [self.requests[index].target_group for index in newcomers]
        decisions = dict(zip(newcomers, self._rule(line, groups), strict=True))
        outcomes: list[Outcome] = []
        for index, request in enumerate(self.requests):
            refused = self._refused(request)
            if refused is not None:
                outcomes.append(refused)
            elif index in decisions:
                outcomes.append(self._welcome(request, decisions[index]))
            else:
                before = [group for other, group in zip(newcomers, groups, strict=True) if other < index]
                outcomes.append(self._repeat(request, self._rule(line, [*before, request.target_group])[-1]))
        return outcomes

    def write(self) -> None:
        """Write the rows and counters that follow from what was decided."""
        session = self.tx.session
        if self.new:
            session.execute(registration.insert(), self.new)
        if self.again:
            changed: dict[str, Any] = {name: bindparam(name) for name in self.again[0] if name not in {"id", "row_id"}}
            again = registration.update().where(registration.c.id == bindparam("row_id")).values(changed)
            session.execute(again, self.again)
        if self.new_answers:
            session.execute(idempotency.insert(), self.new_answers)
        if not self.changes:
            return
        session.execute(history.insert(), self.changes)
        came = Counter((row["status"], row["target_group"]) for row in [*self.new, *self.again])
        seated = Counter({group: count for (status, group), count in came.items() if status == "confirmed"})
        waits = Counter({group: count for (status, group), count in came.items() if status == "waitlisted"})
        keep_counts(
            self.tx,
            replace(
                self.seats,
                taken=raised(self.seats.taken, seated),
                waiting=raised(self.seats.waiting, waits),
                queue_number=self.queue_number,
            ),
        )

    def _rule(self, line: Line, groups: Sequence[str]) -> list[Decision]:
        return decide_all(self.seats.plan, self.seats.taken, line, groups, self.tx.now)

    def _newcomers(self) -> list[int]:
        """Which requests count for the seats: each person and each key once, and nobody who is registered."""
        people = {key for key, row in self.people.items() if is_registered(row["status"])}
        keys: set[str] = set()
        found = []
        for index, request in enumerate(self.requests):
            if self._refused(request) is None and request.address_key not in people and request.key not in keys:
                found.append(index)
                people.add(request.address_key)
                keys.update({request.key} if request.key else ())
        return found

    def _refused(self, request: SignUp) -> Outcome | None:
        """The outcome that has nothing to do with seats: the stored answer, or a refusal."""
        if request.key in self.answers:
            body_hash, answer = self.answers[request.key]
            return Answered(**answer) if body_hash == request.body_hash else KeyReused()
        if refused := refuse_now(self.seats.opening, self.tx.now):
            return refused
        if request.target_group not in self.groups:
            return GroupUnknown()
        return refuse_role(self.seats.opening, request.target_group)

    def _welcome(self, request: SignUp, decision: Decision) -> Outcome:
        """A newcomer, or someone who comes back, with a queue number of now."""
        if isinstance(decision, Refused):
            return decision
        before = self.people.get(request.address_key)
        self.queue_number += 1
        row = {
            "id": new_id(),
            "meeting_id": self.seats.meeting_id,
            "created_at": self.tx.now,
            "kind": "participant",
            "link_version": 1,
            "invitation_id": None,
            **(before or {}),
            **_asked(request),
            "status": "confirmed" if isinstance(decision, Seat) else "waitlisted",
            "cause": "participant",
            "queue_number": self.queue_number,
            "asked_at": self.tx.now,
        }
        if before is None:
            self.new.append(row)
        else:
            self.again.append({**row, "row_id": row["id"]})
        self.changes.append(
            {
                "registration_id": row["id"],
                "meeting_id": row["meeting_id"],
                "at": self.tx.now,
                "by": "participant",
                "cause": "participant",
                "reason": "",
                "from_status": before and before["status"],
                "to_status": row["status"],
            }
        )
        place = (decision.place, decision.place_in_group) if isinstance(decision, Wait) else None
        self.people[request.address_key] = {**row, "place": place}
        with correlated(request.correlation_id):
            tell_registration(self.tx, row, self.seats.revision, place)
        return self._answer(request, decision)

    def _repeat(self, request: SignUp, decision: Decision) -> Outcome:
        """Someone who is registered already, or was refused a moment ago: nothing changes."""
        row = self.people.get(request.address_key)
        if row is not None:
            with correlated(request.correlation_id):
                tell_repeated(self.tx, row, self.seats.revision, self._place(row))
        return decision if isinstance(decision, Refused) else self._answer(request, decision)

    def _place(self, row: Mapping[str, Any]) -> Place | None:
        return row["place"] if "place" in row else place_of(self.tx.session, row)

    def _answer(self, request: SignUp, decision: Seat | Wait) -> Answered:
        """What the person is told, kept for when the request comes again."""
        told = Answered("waitlisted", decision.place) if isinstance(decision, Wait) else Answered("confirmed")
        if request.key:
            answer = {"status": told.status, "place": told.place}
            self.answers[request.key] = (request.body_hash, answer)
            self.new_answers.append(
                {
                    "meeting_id": self.seats.meeting_id,
                    "key": request.key,
                    "body_hash": request.body_hash,
                    "answer": answer,
                    "created_at": self.tx.now,
                }
            )
        return told


def _asked(request: SignUp) -> dict[str, Any]:
    """The columns that come from the request."""
    return {
        "address_key": request.address_key,
        "email": request.email,
        "name": request.name,
        "organisation": request.organisation,
        "organisation_id": request.organisation_id,
        "target_group": request.target_group,
        "attendance": request.attendance,
        "language": request.language,
        "answers": dict(request.answers),
    }


def _stored_answers(
    tx: Transaction, meeting_id: str, requests: Sequence[SignUp]
) -> dict[str | None, tuple[str, dict[str, Any]]]:
    keys = {request.key for request in requests if request.key}
    stored = answered(tx.session, meeting_id, keys) if keys else {}
    return {key: (row.body_hash, row.answer) for key, row in stored.items()}


def _people(tx: Transaction, meeting_id: str, requests: Sequence[SignUp]) -> dict[str, Mapping[str, Any]]:
    rows = registered(tx.session, meeting_id, {request.address_key for request in requests})
    return {key: row._asdict() for key, row in rows.items()}
