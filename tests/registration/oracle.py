"""What must become of everyone at one meeting: people on a plain list of chairs, written without the rules.

The waiting list is a Python list that is walked; who may sit down is found by trying all ways to sit (``chairs``).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from tests.registration.rules.chairs import chairs, may_sit

ON_A_CHAIR = {"confirmed", "offered"}
PENDING = {"waitlisted", "unconfirmed", "requested"}


@dataclass
class Plan:
    """The seat plan as an organiser gives it."""

    capacity: int
    reserved: Mapping[str, int] = field(default_factory=dict)
    maximum: Mapping[str, int] = field(default_factory=dict)
    release_at: datetime | None = None
    mode: Literal["automatic", "offer", "manual"] = "automatic"
    waiting_list: bool = True


@dataclass
class Guest:
    """One person; ``number`` orders the queue. ``workshop``: wants the session; ``in_workshop``: has a seat there."""

    name: str
    group: str
    number: int
    status: str
    last_moment: bool = False
    workshop: int | None = None
    in_workshop: bool = False


@dataclass
class Oracle:
    """A meeting as it must be. Every verb settles first, as people at a door with a list would."""

    plan: Plan
    starts_at: datetime
    now: datetime
    confirm_first: bool = False
    approval: bool = False
    workshop_seats: int = 1
    called_off: bool = False
    number: int = 0
    guests: dict[str, Guest] = field(default_factory=dict)
    offers_end: dict[str, datetime] = field(default_factory=dict)

    def ahead(self) -> bool:
        return not self.called_off and self.now < self.starts_at

    def settle(self) -> None:
        for guest in self._by_number():
            if guest.status == "offered" and self.offers_end[guest.name] <= self.now and not self.called_off:
                self._leave(guest, "expired")
        for guest in self._by_number():
            if guest.status == "waitlisted" and self._has_turn(guest) and self._may_sit(self._seated(), guest.group):
                guest.status = self._promoted()
        self._fill_workshop()

    def sign_up(self, name: str, group: str, *, last_moment: bool, workshop: bool) -> None:
        if not self.ahead():
            return
        self.settle()
        known = self.guests.get(name)
        if known is not None and known.status in ON_A_CHAIR | PENDING:
            return
        guest = Guest(name, group, self._next(), "nowhere", last_moment)
        if self.confirm_first or self.approval:
            guest.status = "unconfirmed" if self.confirm_first else "requested"
        elif self._may_sit_after(self._in_front_of(guest, list(self._waiting())), group):
            guest.status = "confirmed"
        elif self.plan.waiting_list:
            guest.status = "waitlisted"
        else:
            return
        self.guests[name] = guest
        if workshop:
            guest.workshop = self._next()
        self._fill_workshop()

    def confirm(self, name: str) -> None:
        self.settle()
        guest = self.guests[name]
        if guest.status != "unconfirmed" or not self.ahead():
            return
        if self.approval:
            guest.status = "requested"
        else:
            self._admit(guest)

    def approve(self, name: str) -> None:
        self.settle()
        guest = self.guests[name]
        if guest.status in {"requested", "rejected"} and self.ahead():
            self._admit(guest)

    def reject(self, name: str) -> None:
        self.settle()
        guest = self.guests[name]
        if guest.status in {"requested", "unconfirmed"}:
            self._leave(guest, "rejected")
            self._fill_workshop()

    def cancel(self, name: str) -> None:
        if not self.ahead():
            self.settle()
            return
        self.settle()
        guest = self.guests[name]
        if guest.status in ON_A_CHAIR | PENDING:
            self._leave(guest, "cancelled")
            self.settle()

    def accept(self, name: str) -> None:
        self.settle()
        if self.guests[name].status == "offered" and self.ahead():
            self.guests[name].status = "confirmed"

    def decline(self, name: str) -> None:
        self.settle()
        if self.guests[name].status == "offered" and self.ahead():
            self._leave(self.guests[name], "declined")
            self.settle()

    def move_up(self, name: str) -> None:
        self.settle()
        guest = self.guests[name]
        if guest.status in {"offered", "rejected", "declined", "expired"} | PENDING and not self.called_off:
            guest.status = "confirmed"
            self.settle()

    def change_group(self, name: str, group: str) -> None:
        self.settle()
        self.guests[name].group = group
        self.settle()

    def hand_over(self, giver: str, receiver: str, group: str) -> None:
        """Proposed and accepted at once."""
        self.settle()
        gone, comes = self.guests[giver], self.guests.get(receiver)
        if not self.ahead() or gone.status != "confirmed" or (comes and comes.status in ON_A_CHAIR):
            return
        if group != gone.group:
            people = self._seated()
            people.remove(gone.group)
            for waiting in self._waiting():
                if self._may_sit(people, waiting.group):
                    people.append(waiting.group)
            if not self._may_sit(people, group):
                return
        if comes is None:
            comes = self.guests[receiver] = Guest(receiver, group, self._next(), "nowhere")
        if comes.workshop is None:
            comes.workshop, comes.in_workshop = gone.workshop, gone.in_workshop
            gone.workshop, gone.in_workshop = None, False
        comes.status, comes.group = "confirmed", group
        self._leave(gone, "cancelled")
        self.settle()

    def replan(self, plan: Plan) -> None:
        self.plan = plan
        self.settle()

    def places(self) -> dict[str, int]:
        """The number of each who waits, 1…n."""
        return {guest.name: place for place, guest in enumerate(self._waiting(), start=1)}

    def _admit(self, guest: Guest) -> None:
        before = self._in_front_of(guest, [other for other in self._waiting() if other.number < guest.number])
        if self._may_sit_after(before, guest.group):
            guest.status = "confirmed"
        elif self.plan.waiting_list:
            guest.status = "waitlisted"
        self._fill_workshop()

    def _fill_workshop(self) -> None:
        wanting = [guest for guest in self.guests.values() if guest.workshop is not None and not guest.in_workshop]
        for guest in sorted(wanting, key=lambda guest: guest.workshop or 0):
            taken = sum(other.in_workshop for other in self.guests.values())
            guest.in_workshop = guest.status in ON_A_CHAIR and taken < self.workshop_seats

    def _leave(self, guest: Guest, status: str) -> None:
        guest.status, guest.workshop, guest.in_workshop = status, None, False

    def _has_turn(self, guest: Guest) -> bool:
        if not self.ahead() or self.plan.mode == "manual":
            return False
        return guest.last_moment or not self._at_last_moment()

    def _in_front_of(self, guest: Guest, waiting: list[Guest]) -> list[Guest]:
        """Nobody, where the others may only look on."""
        return [] if self._at_last_moment() and self._has_turn(guest) else waiting

    def _promoted(self) -> str:
        soon = self.now >= self.starts_at - timedelta(hours=24)
        return "offered" if (self.plan.mode == "offer" or soon) and not self._at_last_moment() else "confirmed"

    def _at_last_moment(self) -> bool:
        return self.now >= self.starts_at - timedelta(hours=2)

    def _may_sit_after(self, first: list[Guest], group: str) -> bool:
        people = self._seated()
        for guest in first:
            if self._may_sit(people, guest.group):
                people.append(guest.group)
        return self._may_sit(people, group)

    def _may_sit(self, people: list[str], group: str) -> bool:
        released = self.plan.release_at is not None and self.plan.release_at <= self.now
        room = chairs(self.plan.capacity, {} if released else self.plan.reserved)
        return may_sit(people, group, room, self.plan.maximum)

    def _seated(self) -> list[str]:
        return [guest.group for guest in self.guests.values() if guest.status in ON_A_CHAIR]

    def _waiting(self) -> Iterator[Guest]:
        return (guest for guest in self._by_number() if guest.status == "waitlisted")

    def _by_number(self) -> list[Guest]:
        return sorted(self.guests.values(), key=lambda guest: guest.number)

    def _next(self) -> int:
        self.number += 1
        return self.number
