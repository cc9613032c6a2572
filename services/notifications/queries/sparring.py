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


def proposed_by_calendar(session: Session, sparring_id: str, owner: str) -> Row[Any] | None:
    """The live invitation of one of the two (the key of an address), locked, if that calendar proposed another time.

    Only since it was told something last: what was proposed before that is settled.
    """
    known, mail = tables.invitation, tables.incoming_mail
    proposed = select(mail.c.id).where(
        mail.c.invitation_id == known.c.id,
        mail.c.why == "counter",
        mail.c.received_at >= known.c.told_at,
    )
    theirs = (known.c.meeting_id == sparring_id, known.c.address == owner, known.c.state == "live")
    return session.execute(select(known).where(*theirs, proposed.exists()).with_for_update()).one_or_none()
