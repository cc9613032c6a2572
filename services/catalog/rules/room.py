"""Whether one can sign up for a meeting, and what there is, as everyone may know it.

Who gets a seat is for registration to say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from services.catalog.rules.meeting import Meeting


@dataclass(frozen=True)
class Room:
    """What there is for who signs up; or why one cannot.

    That is seats ``free``, else room ``online`` at a meeting that is held somewhere too, else a waiting list of
    ``waiting`` people.

    ``for_role``: the number is that of the role that was asked for. ``only``: the codes of the roles for which there
    are seats, where that is not so for all of them. ``at_most``: other roles get fewer than that number.
    """

    state: Literal["seats", "online", "waiting-list", "full", "not-yet", "closed"]
    free: int = 0
    waiting: int = 0
    for_role: bool = False
    only: tuple[str, ...] = ()
    at_most: bool = False


def room(meeting: Meeting, shown: Mapping[str, Any] | None, roles: Sequence[str], now: datetime) -> Room | None:
    """What there is at ``now`` (aware), for one of these ``roles`` (codes; none: for anyone).

    ``shown`` are the public figures. None where nobody asks any more, and as long as nothing is known.
    """
    if meeting.status != "published" or meeting.starts_at <= now or shown is None or meeting.seat_plan is None:
        return None
    terms, by_role = meeting.registration, shown.get("roles", {})
    if terms.opens_at and now < terms.opens_at:
        return Room("not-yet")
    if terms.closes_at and now >= terms.closes_at:
        return Room("closed")
    asked = [code for code in roles if code in by_role]
    free = max((by_role[code] for code in asked or by_role), default=shown["free"])
    if not meeting.target_groups and not asked:
        free = shown["free"]
    if free:
        lucky = tuple(code for code in meeting.target_groups if by_role.get(code, free))
        only = () if asked or len(lucky) == len(meeting.target_groups) else lucky
        at_most = not asked and any(0 < number < free for number in by_role.values())
        return Room("seats", free=free, for_role=bool(asked), only=only, at_most=at_most)
    places_online = meeting.seat_plan.online_capacity
    if meeting.attendance_mode == "mixed" and (places_online is None or shown.get("online", 0) < places_online):
        return Room("online")
    return Room("waiting-list", waiting=shown["waiting"]) if meeting.seat_plan.waiting_list else Room("full")


def is_open(found: Room | None) -> bool:
    """Whether one can sign up now: for a seat, online, or for the waiting list."""
    return found is not None and found.state in {"seats", "online", "waiting-list"}
