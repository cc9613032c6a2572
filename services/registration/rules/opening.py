"""Whether a meeting takes sign-ups now, and from whom."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from services.registration.rules.decision import Refused

MeetingStatus: TypeAlias = Literal["draft", "published", "cancelled", "held"]


@dataclass(frozen=True, slots=True)
class Opening:
    """When and to whom a meeting is open. Times are aware UTC.

    Without `opens_at` it is open from its publication on; it closes at `closes_at`, and at the start at the
    latest. `target_groups` holds codes, empty means everyone; `other_roles` lets the other roles in as well.
    """

    status: MeetingStatus
    starts_at: datetime
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    target_groups: frozenset[str] = frozenset()
    other_roles: bool = False

    def is_ahead(self, now: datetime) -> bool:
        """Whether the meeting still has to begin, and will: only then are seats given out."""
        return self.status == "published" and now < self.starts_at


def refuse_now(opening: Opening, now: datetime) -> Refused | None:
    """Why nobody can sign up at this moment; None if they can. A draft is unknown to the outside."""
    if opening.status == "draft":
        return Refused("meeting-unknown")
    if opening.status == "cancelled":
        return Refused("meeting-cancelled")
    if not opening.is_ahead(now) or (opening.closes_at is not None and now >= opening.closes_at):
        return Refused("closed")
    if opening.opens_at is not None and now < opening.opens_at:
        return Refused("not-yet-open")
    return None


def is_open_to(opening: Opening, group: str, now: datetime) -> bool:
    """Whether this role can sign up at this moment."""
    return refuse_now(opening, now) is None and refuse_role(opening, group) is None


def refuse_late(opening: Opening, now: datetime) -> Refused | None:
    """Why nothing can be changed about who takes part; None while the meeting is still to begin."""
    if opening.status == "cancelled":
        return Refused("meeting-cancelled")
    return None if opening.is_ahead(now) else Refused("begun")


def refuse_role(opening: Opening, group: str) -> Refused | None:
    """Why this role cannot take part; None if it can. To be shown beside the field."""
    welcome = not opening.target_groups or opening.other_roles or group in opening.target_groups
    return None if welcome else Refused("not-eligible")
