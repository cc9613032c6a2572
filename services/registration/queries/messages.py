"""What organisers said."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from services.registration.tables import message


def messages(session: Session, meeting_id: str) -> Sequence[Row[Any]]:
    """What was written to those who signed up, the newest first."""
    written = select(message).where(message.c.meeting_id == meeting_id)
    return session.execute(written.order_by(message.c.written_at.desc(), message.c.id)).all()


def message_by(session: Session, message_id: str) -> Row[Any] | None:
    """One message."""
    return session.execute(select(message).where(message.c.id == message_id)).one_or_none()


def urgent_notices(session: Session, meeting_id: str, now: datetime) -> Sequence[Row[Any]]:
    """What has to stand on the pages of a meeting now, the newest first."""
    urgent = (message.c.meeting_id == meeting_id, message.c.urgent, message.c.shown_until > now)
    return session.execute(select(message).where(*urgent).order_by(message.c.written_at.desc())).all()
