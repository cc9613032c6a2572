"""Which meetings still have people that may not be kept any longer."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from services.registration.tables import meeting

KeptUntil: TypeAlias = Callable[[datetime, int | None], datetime]
"""Until when, of a meeting that ends then and says for how many days, if it does."""


def past_meetings(session: Session, of: Any, holds: ColumnElement[bool], until: KeptUntil, now: datetime) -> list[str]:
    """The ids of the meetings past their term at ``now`` (aware UTC) of which a row ``holds`` something still.

    ``of`` gives the id of a row's meeting.
    """
    days = meeting.c.facts["retentionDays"].as_integer()
    over = (
        select(meeting.c.id, meeting.c.ends_at, days.label("days"))
        .where(meeting.c.ends_at < now, meeting.c.id.in_(select(of).where(holds).distinct()))
        .order_by(meeting.c.id)
    )
    return [row.id for row in session.execute(over) if until(row.ends_at, row.days) <= now]
