"""What people call meetings and those who signed up, for whoever looks something up in the audit log."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.registration.tables import meeting, registration

_MOST = 500


def ids_called(session: Session, text: str) -> set[str]:
    """The ids of the meeting with this slug, and of the registrations with this address or with it in their name."""
    people = select(registration.c.id).where(
        or_(registration.c.address_key == text.strip().lower(), registration.c.name.icontains(text, autoescape=True))
    )
    meetings = select(meeting.c.id).where(meeting.c.slug == text.strip())
    return {*session.scalars(meetings), *session.scalars(people.limit(_MOST))}
