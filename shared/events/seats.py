"""What registration counts: how full a meeting is, and how many came. Nobody is named here."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.events.contract import event


@dataclass(frozen=True, kw_only=True)
class Attendance:
    """How many of one organisation (official address; None: any other) and target group."""

    organisation_id: str | None
    target_group: str
    registered: int
    attended: int
    no_show: int


@event("attendance.counted", by="registration", aggregate="attendance", key="meeting_id", carries_state=True)
@dataclass(frozen=True, kw_only=True)
class AttendanceCounted:
    """The organiser closed the attendance of a meeting: how many came, without names."""

    meeting_id: str
    counts: tuple[Attendance, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OnlineSeats:
    """Places online at a meeting that is also held somewhere; no ``capacity``: as many as like."""

    capacity: int | None
    taken: int
    waiting: int


@dataclass(frozen=True, kw_only=True)
class GroupSeats:
    """Seats of one target group; ``free`` is how many more the seat rule would admit now."""

    taken: int
    reserved: int
    maximum: int
    waiting: int
    free: int


@dataclass(frozen=True, kw_only=True)
class SessionSeats:
    """Seats of a part of the programme that has seats of its own."""

    capacity: int
    taken: int
    waiting: int


@event("seats.changed", by="registration", aggregate="meeting", key="meeting_id", carries_state=True)
@dataclass(frozen=True, kw_only=True)
class SeatsChanged:
    """How full a meeting is; coalesced, the latest counts."""

    meeting_id: str
    capacity: int
    taken: int
    free: int
    waiting: int
    over_plan: int = 0
    target_groups: Mapping[str, GroupSeats] = field(default_factory=dict)
    online: OnlineSeats | None = None
    sessions: Mapping[str, SessionSeats] = field(default_factory=dict)
