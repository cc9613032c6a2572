"""The sign-ups of one moment: first everything is decided, then what was decided is written."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, TypeAlias

from services.registration.actions.set_standing import moved
from services.registration.actions.sign_up_rows import (
    asked_columns,
    chosen_row,
    first_columns,
    history_row,
    question_rows,
    standing_columns,
)
from services.registration.actions.tell_registration import tell_registration, tell_repeated
from services.registration.queries.seats import Seats, session_counts
from services.registration.queries.sign_ups import People, answers_kept, groups_for, mailboxes_of
from services.registration.queries.waiting import first_waiting
from services.registration.rules.decision import Decision, Pending, Refused, Seat, Wait
from services.registration.rules.opening import refuse_now, refuse_role
from services.registration.rules.sign_ups import Answered, GroupUnknown, KeyReused, Outcome, Placed, SignUp
from services.registration.rules.standing import WAITS, is_registered, room_of
from services.registration.rules.waiting import ONE, Line, decide, decide_all, decide_one_by_one, passes_the_line
from shared.db.transaction import Transaction
from shared.events.registration import SessionSeat

_Decision: TypeAlias = Decision | Pending


class Batch:
    """The requests of one moment, what is known about them, and the rows that their decisions lead to."""

    def __init__(self, tx: Transaction, seats: Seats, requests: Sequence[SignUp], people: People) -> None:
        self.tx = tx
        self.seats = seats
        self.requests = requests
        self.groups = groups_for(tx.session, seats, requests)
        self.answers = answers_kept(tx.session, seats.meeting_id, requests)
        self.people = people
        self.mailboxes = mailboxes_of(self.people)
        self.line = Line(seats.waiting, [row.target_group for row in first_waiting(tx.session, seats, tx.now)])
        self.queue_number = seats.queue_number
        self.online = Counter({"taken": seats.online_taken, "waiting": seats.online_waiting})
        self.in_sessions = Counter(session_counts(tx.session, seats.meeting_id) if seats.sessions else {})
        self.new: list[dict[str, Any]] = []
        self.again: list[dict[str, Any]] = []
        self.before: list[Mapping[str, Any]] = []
        self.changes: list[dict[str, Any]] = []
        self.new_answers: list[dict[str, Any]] = []
        self.chosen: list[dict[str, Any]] = []
        self.questions: list[dict[str, Any]] = []
        self.rehearsed: list[dict[str, Any]] = []  # questions of who is registered already: they are not kept
        self.repeated: set[str] = set()  # whom it is told of: once is enough, however often they ask at this moment
        self.is_light = False  # somebody's answer takes less than that of another who is not to be told apart from them
        self.is_refused = False  # the same of a newcomer whom a full meeting refuses
        self.told: list[tuple[SignUp, Callable[..., None], Mapping[str, Any]]] = []

    def decide(self) -> list[Outcome]:
        """An outcome for each request; each newcomer finds the seats as those before them left them."""
        newcomers = self._newcomers()
        decisions = self._decisions(newcomers)
        outcomes: list[Outcome] = []
        for index, request in enumerate(self.requests):
            refused = self._refused(request)
            if refused is not None:
                outcomes.append(refused)
            elif index in newcomers:
                outcomes.append(self._welcome(request, decisions.get(index) or self._elsewhere(request)))
            else:
                before = [self.requests[other] for other in decisions if other < index]
                outcomes.append(self._repeat(request, before))
        return outcomes

    @property
    def came(self) -> Sequence[Mapping[str, Any]]:
        """The rows of those who are registered now and were not before."""
        return [*self.new, *self.again]

    def count(self) -> None:
        """Let the seats count those who came."""
        self.seats = replace(moved(self.seats, self.before, self.came), queue_number=self.queue_number)

    def _decisions(self, newcomers: Collection[int]) -> dict[int, Decision]:
        """What the seat rule says to those who ask for a seat of the plan, in order of arrival.

        Who would rather not wait comes last: they leave no trace in the line.
        """
        asking = [index for index in newcomers if self._room(self.requests[index]) == "seat"]
        staying = [index for index in asking if not self.requests[index].or_nothing]
        before = [self.requests[index] for index in staying]
        decisions = dict(zip(staying, self._rule(before), strict=True))
        for index in asking:
            if index not in decisions:
                decision = self._rule([*before, self.requests[index]])[-1]
                decisions[index] = decision if isinstance(decision, Seat) else Refused("full")
                before += [self.requests[index]] if isinstance(decision, Seat) else []
        return decisions

    def _rule(self, requests: Sequence[SignUp]) -> list[Decision]:
        """What the seat rule says to these, one after the other."""
        plan, taken, now = self.seats.plan, self.seats.taken, self.tx.now
        newcomers = [
            (each.target_group, passes_the_line(plan, self.seats.opening, now, last_moment=each.last_moment))
            for each in requests
        ]
        if any(passes for _, passes in newcomers):
            return decide_one_by_one(plan, taken, self.line, newcomers, now)
        return decide_all(plan, taken, self.line, [group for group, _ in newcomers], now)

    def _room(self, request: SignUp) -> str | None:
        """What someone asks for; None where someone has to confirm it first."""
        if self._confirms_first(request) or self.seats.terms.approval:
            return None
        return room_of(request.attendance, mixed=self.seats.mixed)

    def _elsewhere(self, request: SignUp) -> _Decision:
        """What someone gets who does not ask for a seat of the plan now."""
        if self._room(request) == "online":
            return self._online()
        return Pending("unconfirmed" if self._confirms_first(request) else "requested")

    def _confirms_first(self, request: SignUp) -> bool:
        return self.seats.terms.confirm_first or request.confirm_first

    def _online(self) -> Decision:
        """A place online, for one more: the same rule, with one group."""
        if self.seats.online is None:
            return Seat()
        line = Line({ONE: self.online["waiting"]})
        return decide(self.seats.online, {ONE: self.online["taken"]}, line, ONE, self.tx.now)

    def _newcomers(self) -> list[int]:
        """Which requests count for the seats: each person and each key once, and nobody who is registered."""
        people = {key for key, row in self.people.items() if is_registered(row["status"])}
        keys: set[str] = set()
        found = []
        for index, request in enumerate(self.requests):
            if self._refused(request) is None and request.person not in people and request.key not in keys:
                found.append(index)
                people.add(request.person)
                keys.update({request.key} if request.key else ())
        return found

    def _refused(self, request: SignUp) -> Outcome | None:
        """The outcome that has nothing to do with seats: the stored answer, or a refusal."""
        if request.key in self.answers:
            body_hash, answer = self.answers[request.key]
            return _as_told(answer) if body_hash == request.body_hash else KeyReused()
        if refused := refuse_now(self.seats.opening, self.tx.now):
            return refused
        if request.target_group not in self.groups:
            return GroupUnknown()
        return refuse_role(self.seats.opening, request.target_group)

    def _welcome(self, request: SignUp, decision: _Decision) -> Outcome:
        """A newcomer, or someone who comes back, with a queue number of now."""
        place = self._placed(request, decision)
        if isinstance(place, Refused):
            self.is_refused = True
            return place
        self.online["taken"] += place.status == "confirmed" and self._in_online_room(place)
        self.online["waiting"] += place.waits_for == "online"
        before = self.people.get(request.person)
        row = self._row(request, place, before)
        if before is None:
            self.new.append(row)
        else:
            self.again.append({**row, "row_id": row["id"]})
            self.before.append(before)
        self.changes.append(history_row(row, before, self.tx.now))
        sessions = self._session_seats(request, place)
        self._choose(row["id"], sessions)
        self.questions += question_rows(request, row, self.tx.now)
        wait = place.wait and (place.wait.place, place.wait.place_in_group)
        known = {**row, "place": wait, "said_once": request.said_once}
        self.people[request.person] = known
        self.told.append((request, tell_registration, known))
        return self._answer(request, place.answer(sessions))

    def _in_online_room(self, place: Placed) -> bool:
        return room_of(place.attendance, mixed=self.seats.mixed) == "online"

    def _row(self, request: SignUp, place: Placed, before: Mapping[str, Any] | None) -> dict[str, Any]:
        self.queue_number += 1
        number = 1
        if before is None and request.companion:
            self.mailboxes[request.address_key] += 1
            number = max(2, self.mailboxes[request.address_key])
        return {
            **first_columns(self.seats.meeting_id, number, self.tx.now),
            **(before or {}),
            **asked_columns(request),
            **standing_columns(place, self.queue_number, self.tx.now),
        }

    def _placed(self, request: SignUp, decision: _Decision) -> Placed | Refused:
        """How the registration stands that a decision leads to."""
        where = request.attendance
        match decision:
            case Pending(status):
                return Placed(status, where)
            case Seat():
                return Placed("confirmed", where)
            case _ if self.seats.mixed and where == "venue" and request.online_if_full and self._online() == Seat():
                wait = decision if isinstance(decision, Wait) else None
                return Placed("confirmed", "online", "seat" if wait else None, wait)
            case Wait():
                return Placed("waitlisted", where, room_of(where, mixed=self.seats.mixed), decision)
        return decision

    def _session_seats(self, request: SignUp, place: Placed) -> tuple[SessionSeat, ...]:
        """What becomes of the sessions that someone chooses: only a seat at the meeting gives one there."""
        return tuple(
            SessionSeat(id=session_id, status="confirmed")
            if place.status == "confirmed"
            and self.in_sessions[session_id, "confirmed"] < self.seats.sessions[session_id]
            else SessionSeat(id=session_id, status=WAITS, place=self.in_sessions[session_id, WAITS] + 1)
            for session_id in request.sessions
            if session_id in self.seats.sessions
        )

    def _choose(self, registration_id: str, sessions: Sequence[SessionSeat]) -> None:
        """Put the person in the line of each session; who can sit is seated when the batch is written."""
        for chosen in sessions:
            self.queue_number += 1
            self.in_sessions[chosen.id, chosen.status] += 1
            self.chosen.append(chosen_row(registration_id, chosen.id, self.seats.meeting_id, self.queue_number))

    def _repeat(self, request: SignUp, before: Sequence[SignUp]) -> Outcome:
        """Someone who is registered already, or was refused a moment ago: nothing changes.

        The answer is the one that a newcomer would get after those who came ``before``; but who was refused is not told
        of a seat that they would have had in another role, for nothing is kept of them.
        """
        row = self.people.get(request.person)
        if row is None or not is_registered(row["status"]):
            self.is_light = True
            return Refused("full")
        if request.copy_to or request.person not in self.repeated:
            self.repeated.add(request.person)
            self.rehearsed += question_rows(request, row, self.tx.now)
            self.told.append((request, tell_repeated, {**row, "said_once": request.said_once}))
        if self._room(request) == "seat":
            place = self._placed(request, self._rule([*before, request])[-1])
        else:
            place = self._placed(request, self._elsewhere(request))
        if isinstance(place, Refused):
            return place
        self.is_light = True
        return self._answer(request, place.answer(self._session_seats(request, place)))

    def _answer(self, request: SignUp, told: Answered) -> Answered:
        """What the person is told, kept for when the request comes again."""
        if request.key:
            answer = asdict(told)
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


def _as_told(answer: Mapping[str, Any]) -> Answered:
    """A stored answer."""
    sessions = tuple(SessionSeat(**each) for each in answer.get("sessions", ()))
    return Answered(**{**answer, "sessions": sessions})
