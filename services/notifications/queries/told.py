"""What people were told, and when."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.notifications import tables


def last_told(session: Session, meeting_id: str) -> dict[tuple[str, str], datetime]:
    """When each registration's person was last told about this meeting: by registration and address as typed.

    Mail that did not get there does not count, nor do earlier reminders: how far those are apart is the meeting's own.
    """
    mail = tables.outgoing_mail
    told = (
        select(mail.c.registration_id, mail.c.recipient, func.max(mail.c.queued_at))
        .where(
            mail.c.registration_id.in_(
                select(tables.registration.c.id).where(tables.registration.c.meeting_id == meeting_id)
            ),
            mail.c.status.in_(["waiting", "sending", "sent"]),
            mail.c.kind != "reminder",
        )
        .group_by(mail.c.registration_id, mail.c.recipient)
    )
    return {(row[0], row[1]): row[2] for row in session.execute(told)}
