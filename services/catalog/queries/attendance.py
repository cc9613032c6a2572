"""How many came to a meeting: counts without persons, as registration told them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from services.catalog import tables


def attendance_of(session: Session, meeting_id: str) -> Sequence[Row[Any]]:
    """A row for each organisation and target group; none before the attendance was closed."""
    counted = tables.attendance
    order = (counted.c.organisation, counted.c.target_group)
    return session.execute(select(counted).where(counted.c.meeting_id == meeting_id).order_by(*order)).all()
