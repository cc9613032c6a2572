"""The meeting that a page is about."""

from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.queries import meeting_called, thing_of
from shared.i18n import current_translator
from shared.web.access import permit
from shared.web.problems import Problem


def meeting_or_404(session: Session, slug: str) -> Row[Any]:
    """The meeting with this slug. Raises ``Problem`` 404."""
    row = meeting_called(session, slug)
    if row is None or row.status == "draft":
        raise Problem(404)
    return row


def organisers_meeting(session: Session, slug: str, verb: str) -> Row[Any]:
    """The meeting, for someone who may do ``verb`` there. Raises ``Problem`` 404 or 403."""
    row = meeting_or_404(session, slug)
    permit(verb, thing_of(row))
    return row


def in_words(texts: dict[str, str]) -> str:
    """A text in the reader's language, or in the other one where it was not given."""
    return texts.get(current_translator().language) or next(iter(texts.values()), "")
