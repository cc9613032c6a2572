"""Participants: which addresses are known, and who is signed in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from services.registration.tables import person_session, profile, registration
from shared.people.grants import secret_hash
from shared.people.roles import Actor


def mailbox_of(session: Session, address_key: str) -> str | None:
    """The address to which mail for a known participant goes, as they typed it last; None for whom nobody knows.

    Who has a profile in the network stays known when their registrations are no longer kept.
    """
    in_network = session.scalar(select(profile.c.email).where(profile.c.address_key == address_key))
    theirs = (registration.c.address_key == address_key, registration.c.email.is_not(None))
    newest = select(registration.c.email).where(*theirs).order_by(registration.c.id.desc()).limit(1)
    return in_network or session.scalar(newest)


def signed_in_person(session: Session, secret: str, now: datetime) -> Actor | None:
    """Which participant this secret of a session stands for at ``now`` (aware); None where it has ended."""
    current = (person_session.c.secret_hash == secret_hash(secret), person_session.c.valid_until > now)
    row = session.execute(select(person_session).where(*current)).one_or_none()
    if row is None:
        return None
    return Actor(role="person", id="participant", grant_id=row.id, person_key=row.address_key)


def person_sessions(session: Session, person_key: str, now: datetime) -> Sequence[Row[Any]]:
    """Where a participant is signed in at ``now`` (aware), the newest first."""
    mine = (person_session.c.address_key == person_key, person_session.c.valid_until > now)
    return session.execute(select(person_session).where(*mine).order_by(person_session.c.id.desc())).all()
