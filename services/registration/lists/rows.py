"""The attendee list: who comes. Only people who hold a seat stand on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.queries import registrations
from services.registration.rules.standing import HOLDS_SEAT


@dataclass(frozen=True, slots=True)
class Attendee:
    """One person who comes; ``target_group`` is a code, ``organisation_id`` the official address or None."""

    id: str
    name: str
    email: str
    organisation: str
    organisation_id: str | None
    target_group: str
    attendance: str
    status: str


def attendees(session: Session, meeting_id: str, groups: Iterable[str] = ()) -> list[Attendee]:
    """Who comes to the meeting, by name; of these target groups only, if any are given."""
    rows = registrations(session, meeting_id, statuses=HOLDS_SEAT, groups=tuple(groups))
    return sorted((_attendee(row) for row in rows), key=lambda attendee: (attendee.name.casefold(), attendee.id))


def _attendee(row: Row[Any]) -> Attendee:
    return Attendee(
        id=row.id,
        name=row.name,
        email=row.email or "",
        organisation=row.organisation,
        organisation_id=row.organisation_id,
        target_group=row.target_group,
        attendance=row.attendance,
        status=row.status,
    )
