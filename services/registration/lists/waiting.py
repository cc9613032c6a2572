"""The waiting list as organisers see it: who is next, why they have no seat yet, and what another plan would do."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.queries.registrations import registrations
from services.registration.queries.seats import Seats
from services.registration.queries.waiting import everyone_waiting, overdue_offers
from services.registration.rules.decision import Wait
from services.registration.rules.seats import SeatPlan, Taken, over_plan
from services.registration.rules.standing import WAITS, Room
from services.registration.rules.waiting import ONE, Promoted, Waiting, places
from services.registration.rules.why_waiting import Foreseen, Why, foresee, why_waiting


@dataclass(frozen=True)
class Place:
    """Someone who waits: where in the line, and why."""

    person: Row[Any]
    wait: Wait
    why: Why


@dataclass(frozen=True)
class Fate:
    """What a plan would do at once to someone who waits: ``why`` says why they still wait, if they do."""

    person: Row[Any]
    becomes: Promoted | Literal["waits"]
    why: Why | None


@dataclass(frozen=True)
class Preview:
    """What a plan would do at once; ``over_plan`` is by how many seats the meeting would be over it after that."""

    fates: Sequence[Fate]
    online: Sequence[Fate]
    taken: Taken
    over_plan: int


def waiting_list(session: Session, seats: Seats, room: Room, now: datetime) -> list[Place]:
    """All who wait for a seat of the plan, or for a place online, in their order."""
    people = everyone_waiting(session, seats.meeting_id, room)
    if room == "seat":
        offers = len(registrations(session, seats.meeting_id, statuses={"offered"}))
        whys = why_waiting(seats.plan, seats.taken, _line(people), seats.opening, now, offers=offers)
    else:
        whys = why_waiting(_online(seats), {ONE: seats.online_taken}, _one_line(people), seats.opening, now)
    waits = places(person.target_group for person in people)
    return [Place(*each) for each in zip(people, waits, whys, strict=True)]


def preview(session: Session, seats: Seats, now: datetime) -> Preview:
    """What settling under the plan in ``seats`` does, which need not be the meeting's own; changes nothing.

    Offers without an answer in time count as ended, as settling ends them first. Whoever goes from online to the venue
    leaves a place online.
    """
    overdue = overdue_offers(session, [seats.meeting_id], now)
    taken = Counter(seats.taken) - Counter(row.target_group for row in overdue)
    offers = len(registrations(session, seats.meeting_id, statuses={"offered"})) - len(overdue)
    people = everyone_waiting(session, seats.meeting_id, "seat")
    foreseen = foresee(seats.plan, taken, _line(people), seats.opening, now, offers=offers)
    fates = _fates(people, foreseen)
    moved = sum(fate.becomes != "waits" and fate.person.status != WAITS for fate in fates)
    online = everyone_waiting(session, seats.meeting_id, "online")
    taken_online = {ONE: seats.online_taken - moved}
    return Preview(
        fates=fates,
        online=_fates(online, foresee(_online(seats), taken_online, _one_line(online), seats.opening, now)),
        taken=foreseen.taken,
        over_plan=over_plan(seats.plan, foreseen.taken, now),
    )


def _fates(people: Sequence[Row[Any]], foreseen: Foreseen) -> list[Fate]:
    promoted = {each.registration_id: each.status for each in foreseen.promotions}
    whys = {why.registration_id: why for why in foreseen.waiting}
    return [Fate(person, _becomes(person, promoted.get(person.id)), whys.get(person.id)) for person in people]


def _becomes(person: Row[Any], promoted: Promoted | None) -> Promoted | Literal["waits"]:
    """Who takes part online until then need not be asked whether they can come."""
    if promoted is None:
        return "waits"
    return promoted if person.status == WAITS else "confirmed"


def _online(seats: Seats) -> SeatPlan:
    """The places online; where there are as many as like, there is one for each who waits."""
    return seats.online or SeatPlan(capacity=seats.online_taken + seats.online_waiting, cutoff_hours=0)


def _line(people: Sequence[Row[Any]]) -> list[Waiting]:
    return [Waiting(person.id, person.target_group, person.last_moment) for person in people]


def _one_line(people: Sequence[Row[Any]]) -> list[Waiting]:
    """For a place online it makes no difference who one is, and one can always come at the last moment."""
    return [Waiting(person.id, ONE, last_moment=True) for person in people]
