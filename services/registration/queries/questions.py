"""The questions that people bring to a meeting, by theme."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from services.registration.rules.network import TAKES_PART
from services.registration.tables import brought_question, registration

_COLUMNS = (registration.c.name, registration.c.organisation, registration.c.listed)


def question_of(session: Session, registration_id: str) -> Row[Any] | None:
    """What this registration brings; None for nothing."""
    mine = brought_question.c.registration_id == registration_id
    return session.execute(select(brought_question).where(mine)).one_or_none()


def questions_at(session: Session, meeting_id: str) -> Mapping[str, Sequence[Row[Any]]]:
    """What those who come to a meeting bring, by the code of its theme, the oldest first; without one at the end."""
    rows = session.execute(
        select(brought_question, *_COLUMNS)
        .join(registration, registration.c.id == brought_question.c.registration_id)
        .where(brought_question.c.meeting_id == meeting_id, registration.c.status.in_(TAKES_PART))
        .order_by(brought_question.c.brought_at, brought_question.c.registration_id)
    ).all()
    themes = sorted({row.theme for row in rows}, key=lambda theme: (not theme, theme))
    return {theme: [row for row in rows if row.theme == theme] for theme in themes}
