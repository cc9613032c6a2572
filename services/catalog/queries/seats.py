"""How full a meeting is, and what has to be said about it at once: what registration told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from services.catalog import tables


def shown_seats(session: Session, meeting_ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """The public figures by meeting, at most a minute old: ``capacity``, ``taken``, ``free``, ``waiting``, and what is
    free by role in ``roles``.
    """
    seats = tables.seats.c
    statement = select(seats.meeting_id, seats.shown).where(seats.meeting_id.in_(meeting_ids))
    return {row.meeting_id: row.shown for row in session.execute(statement)}


@dataclass(frozen=True)
class SignedUp:
    """How many have a seat at a meeting, of a mixed one at the ``venue`` and ``online``; ``waiting``: for either."""

    venue: int = 0
    online: int = 0
    waiting: int = 0


def signed_up(session: Session, meeting_id: str) -> SignedUp:
    """The newest figures of a meeting, as organisers may know them."""
    seats = tables.seats.c
    newest = session.scalar(select(seats.newest).where(seats.meeting_id == meeting_id))
    if newest is None:
        return SignedUp()
    waiting = newest["waiting"] + newest.get("waitingOnline", 0)
    return SignedUp(newest["taken"], newest.get("online", 0), waiting)


def urgent_notices(session: Session, meeting_id: str, now: datetime) -> Sequence[Row[Any]]:
    """What has to stand on the page of a meeting at ``now``, the newest first."""
    notice = tables.urgent_notice
    shown = select(notice).where(notice.c.meeting_id == meeting_id, notice.c.shown_until > now)
    return session.execute(shown.order_by(notice.c.message_id.desc())).all()
