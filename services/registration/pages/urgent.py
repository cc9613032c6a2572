"""What organisers have to say on the day itself, on every page of the meeting until it is over."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.queries.messages import urgent_notices
from shared.i18n import _, in_words
from shared.people.placeholders import filled_in


@dataclass(frozen=True)
class Urgent:
    """A message as the reader of a page sees it."""

    subject: str
    text: str


def urgent_now(session: Session, meeting: Row[Any], now: datetime, name: str | None = None) -> list[Urgent]:
    """The messages to show now, the newest first; ``name`` is the reader's, if we know who it is."""
    words = {"name": name or _("participant"), "meeting": in_words(meeting.title)}
    return [
        Urgent(filled_in(row.subject, **words), filled_in(row.text, **words))
        for row in urgent_notices(session, meeting.id, now)
    ]
