"""Which meetings still have people that may not be kept any longer."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from services.registration.tables import meeting
from services.registration.tables.foundation import MEETING_KEEP
from shared.db.retention import PERIODS

KeptUntil: TypeAlias = Callable[[datetime, int], datetime]
"""Until when, of a meeting that ends then and says for how many days."""


def past_meetings(session: Session, of: Any, holds: ColumnElement[bool], until: KeptUntil, now: datetime) -> list[str]:
    """The ids of the meetings past their term at ``now`` (aware UTC) of which a row ``holds`` something still.

    ``of`` gives the id of a row's meeting.
    """
    days = func.coalesce(meeting.c.facts["retentionDays"].as_integer(), PERIODS[MEETING_KEEP].days)
    over = (
        select(meeting.c.id, meeting.c.ends_at, days.label("days"))
        .where(meeting.c.ends_at < now, meeting.c.id.in_(select(of).where(holds).distinct()))
        .order_by(meeting.c.id)
    )
    return [row.id for row in session.execute(over) if until(row.ends_at, row.days) <= now]
