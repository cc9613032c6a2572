"""Where else the same programme still has seats, and what else someone can sign up for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from services.registration.queries.seats import seats_of
from services.registration.rules.opening import is_open_to, refuse_now, refuse_role
from services.registration.rules.seats import free
from services.registration.rules.standing import LEFT
from services.registration.rules.waiting import ONE
from services.registration.tables import meeting, registration, seat_notice

_MOST_ALTERNATIVES = 5
_MOST_OTHERS = 20
"""How many are worth reading: of the same programme, and of any."""


@dataclass(frozen=True)
class Alternative:
    """Another meeting of the same series that has seats ``free``, as the public knows."""

    meeting: Row[Any]
    free: int


def coming(session: Session, series: str, now: datetime) -> Sequence[Row[Any]]:
    """The public meetings of a series that are still to begin, the soonest first, each with its public ``figures``."""
    return _coming(session, now, meeting.c.series == series)


def _coming(session: Session, now: datetime, *these: ColumnElement[bool]) -> Sequence[Row[Any]]:
    found = select(meeting, seat_notice.c.figures).join(seat_notice, seat_notice.c.meeting_id == meeting.c.id)
    found = found.where(meeting.c.status == "published", meeting.c.starts_at > now, *these)
    rows = session.execute(found.order_by(meeting.c.starts_at, meeting.c.id)).all()
    return [row for row in rows if row.facts["visibility"] == "public"]


def also_open(session: Session, row: Row[Any], now: datetime) -> list[Alternative]:
    """The meetings that the person in ``row`` (of ``registration``) can sign up for besides, the soonest first.

    At most twenty of those that are open to their role, full ones too.
    """
    mine = select(registration.c.meeting_id).where(
        registration.c.address_key == row.address_key, registration.c.status.not_in(LEFT)
    )
    others = [
        Alternative(other, public_free(other, other.figures, row.target_group, now))
        for other in _coming(session, now, meeting.c.id.not_in(mine))
        if is_open_to(seats_of(other).opening, row.target_group, now)
    ]
    return others[:_MOST_OTHERS]


def alternatives(session: Session, row: Row[Any], group: str | None, now: datetime) -> list[Alternative]:
    """Where the same programme (``row``: one of its meetings) still has seats for this role, the soonest first.

    At most five. Without a ``group``: seats for the role that has most of them.
    """
    others = [other for other in coming(session, row.series, now) if other.id != row.id] if row.series else []
    found = [Alternative(other, public_free(other, other.figures, group, now)) for other in others]
    return [other for other in found if other.free][:_MOST_ALTERNATIVES]


def public_free(row: Row[Any], shown: Mapping[str, Any], group: str | None, now: datetime) -> int:
    """How many of this role (None: of some role) would get a seat at once, by the figures ``shown`` to the public."""
    seats, groups = seats_of(row), shown.get("targetGroups", {})
    if refuse_now(seats.opening, now):
        return 0
    taken = {code: group_seats["taken"] for code, group_seats in groups.items()}
    wanted = seats.groups or [ONE, *groups] if group is None else [group]
    admitted = [code for code in wanted if not refuse_role(seats.opening, code) and not _is_awaited(groups, code)]
    return max((free(seats.plan, taken, code, now) for code in admitted), default=0)


def _is_awaited(groups: Mapping[str, Any], group: str) -> bool:
    """Whether someone of this role waits already, and so comes before a newcomer."""
    return bool(groups.get(group, {}).get("waiting"))
