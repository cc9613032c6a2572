"""Which meetings still have people that may not be kept any longer."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from services.notifications.tables import meeting


def past_meetings(session: Session, of: Any, holds: ColumnElement[bool], usual_days: int, now: datetime) -> list[str]:
    """The ids of the meetings past their term at ``now`` (aware UTC) of which a row ``holds`` something still.

    ``of`` gives the id of a row's meeting; one that says no number of days has ``usual_days``.
    """
    facts = meeting.c.facts
    days = func.coalesce(facts["retentionDays"].as_integer(), usual_days).label("days")
    told = select(meeting.c.id, facts["endsAt"].as_string().label("ends_at"), days)
    rows = session.execute(told.where(meeting.c.id.in_(select(of).where(holds).distinct())).order_by(meeting.c.id))
    return [row.id for row in rows if datetime.fromisoformat(row.ends_at) + timedelta(days=row.days) <= now]
