"""Talks for two, as registration told of them last."""

from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from services.notifications import tables
from services.notifications.queries.facts import read_sparring
from shared.events.sparring import Sparring


def sparring_of(session: Session, about: Row[Any]) -> Sparring | None:
    """The talk that an invitation or a mail is about; None where that is a meeting."""
    facts = session.scalar(select(tables.sparring.c.facts).where(tables.sparring.c.id == about.meeting_id))
    return None if facts is None else read_sparring(facts)
