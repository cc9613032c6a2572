"""What stands on the lines of a list: people who hold a seat, or how many they are."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from services.registration.queries.registrations import seat_holders


class Attendee(NamedTuple):
    """One person who comes; ``target_group`` is a code, ``organisation_id`` the official address or None."""

    id: str
    name: str
    email: str | None
    phone: str | None
    organisation: str
    organisation_id: str | None
    target_group: str
    kind: str
    attendance: str
    status: str
    answers: Mapping[str, Any]
    needs: Mapping[str, str]
    listed: bool
    mail_lost_since: datetime | None

    @property
    def delivery(self) -> str | None:
        """``bounced`` where mail to them does not arrive."""
        return "bounced" if self.mail_lost_since else None

    @property
    def access(self) -> str:
        """What is needed to take part, in their own words."""
        return self.needs.get("access", "")

    @property
    def diet(self) -> str:
        """What is eaten, or not, in their own words."""
        return self.needs.get("diet", "")


@dataclass(frozen=True, slots=True)
class Count:
    """How many people have these values in common."""

    values: tuple[str, ...]
    people: int


def attendees(session: Session, meeting_id: str, groups: Iterable[str] = ()) -> list[Attendee]:
    """Who comes to the meeting, by name; of these target groups only, if any are given."""
    people = map(Attendee._make, seat_holders(session, meeting_id, Attendee._fields, tuple(groups)))
    return sorted(people, key=lambda attendee: (attendee.name.casefold(), attendee.id))


def catering(people: Iterable[Attendee]) -> list[Count]:
    """How many come in which way, and which diet how many of those at the venue asked for."""
    people = list(people)
    ways = Counter(attendee.attendance for attendee in people)
    diets = Counter(_alike(attendee.diet) for attendee in people if attendee.attendance == "venue" and attendee.diet)
    return [
        *(Count(("attendance", way), count) for way, count in sorted(ways.items(), reverse=True)),
        *(Count(("diet", diet), count) for diet, count in sorted(diets.items())),
    ]


def report(people: Iterable[Attendee], kinds: Mapping[str, str]) -> list[Count]:
    """How many come, per kind of organisation (``kinds`` by official address), target group and status."""
    counted = Counter(
        (kinds.get(attendee.organisation_id or "", ""), attendee.target_group, attendee.status) for attendee in people
    )
    return [Count(values, count) for values, count in sorted(counted.items())]


def per_group(people: Iterable[Attendee], order: Sequence[str]) -> dict[str, list[Attendee]]:
    """The people by target group: the groups in this order, those that it does not name after them."""
    found: dict[str, list[Attendee]] = {code: [] for code in order}
    for attendee in people:
        found.setdefault(attendee.target_group, []).append(attendee)
    return {code: members for code, members in found.items() if members}


def _alike(wish: str) -> str:
    """A wish as it is counted: ``Vegetarisch `` and ``vegetarisch`` are one."""
    return " ".join(wish.split()).casefold()
