"""The list at the door: who is expected and who is there, and who came along without a seat."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.queries.registrations import registrations
from services.registration.rules.door import door_code, read_code
from services.registration.rules.standing import HOLDS_SEAT

_MAY_STILL_COME = frozenset({"waitlisted", "unconfirmed", "requested", "declined", "expired"})


@dataclass(frozen=True, slots=True)
class Guest:
    """One person at the door; ``seated`` or not, ``came``, or ``missed`` it, once it is over. ``text`` is searched."""

    id: str
    name: str
    organisation: str
    target_group: str
    online: bool
    seated: bool
    came: bool
    missed: bool
    code: str
    text: str


def guests(session: Session, meeting_id: str) -> list[Guest]:
    """Everyone who may come to this meeting, by name."""
    rows = registrations(session, meeting_id, statuses=HOLDS_SEAT | _MAY_STILL_COME)
    return sorted((_guest(row) for row in rows), key=lambda guest: (guest.text, guest.id))


def with_text(people: Sequence[Guest], typed: str) -> list[Guest]:
    """Those whose name or organisation holds what was typed, accents and case aside."""
    return [guest for guest in people if _folded(typed.strip()) in guest.text]


def with_code(people: Sequence[Guest], typed: str) -> Guest | None:
    """The one whose badge has this code."""
    return next((guest for guest in people if guest.code == read_code(typed)), None)


def _guest(row: Row[Any]) -> Guest:
    return Guest(
        id=row.id,
        name=row.name,
        organisation=row.organisation,
        target_group=row.target_group,
        online=row.attendance == "online",
        seated=row.status in HOLDS_SEAT,
        came=row.status == "attended",
        missed=row.status == "no_show",
        code=door_code(row.id),
        text=_folded(f"{row.name} {row.organisation}"),
    )


def _folded(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in bare if not unicodedata.combining(sign)).casefold()
