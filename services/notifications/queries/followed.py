"""What must be known before a registration is followed: two looks, for every event costs each of them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, Text, bindparam, cast, select
from sqlalchemy.orm import Session

from services.notifications import tables
from services.notifications.queries import MARKED
from services.notifications.queries.facts import meeting_in
from services.notifications.queries.preferences import LANGUAGE
from services.notifications.rules.addresses import OurAddresses, address_key
from shared.events.catalog import Meeting
from shared.events.registration import Registration
from shared.i18n import Language

_meeting, _registration = tables.meeting, tables.registration
_AROUND: Select[Any] = (
    select(
        cast(_meeting.c.facts, Text).label("facts"),
        MARKED.exists().label("is_lost"),
        LANGUAGE.scalar_subquery().label("language"),
    )
    .where(_meeting.c.id == bindparam("meeting"))
    .with_for_update(read=True, of=_meeting)
)
_KEPT = select(_registration).where(_registration.c.id == bindparam("registration")).with_for_update()


@dataclass(frozen=True)
class Around:
    """What is known around a registration.

    ``is_lost``: mail to its address does not arrive; ``language`` is what that address chose, if it did.
    """

    meeting: Meeting
    is_lost: bool
    language: Language | None


def around(session: Session, ours: OurAddresses, registration: Registration) -> Around | None:
    """Its meeting and its address; nobody changes the meeting until this transaction ends. None: no meeting yet."""
    email = registration.person.email or ""
    asked = {"meeting": registration.meeting_id, "address": address_key(email), "fingerprint": ours.fingerprint(email)}
    row = session.execute(_AROUND, asked).one_or_none()
    return Around(meeting_in(row.facts), row.is_lost, row.language) if row else None


def kept(session: Session, registration_id: str) -> Row[Any] | None:
    """A registration as it is kept, and nobody tells anything about it until this transaction ends."""
    return session.execute(_KEPT, {"registration": registration_id}).one_or_none()
