"""The meeting that a page is about."""

from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.queries import meeting_called, references, thing_of
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


def group_words(session: Session, meeting: Row[Any]) -> dict[str, str]:
    """The words of all target groups by code; the meeting's own words come first."""
    words = {group["code"]: in_words(group["labels"]) for group in meeting.target_groups}
    return words | {
        row.code: in_words(row.labels) for row in references(session, "target-group") if row.code not in words
    }
