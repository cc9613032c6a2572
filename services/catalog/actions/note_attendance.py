"""Which organisations were reached, as registration counted it when an organiser closed the attendance."""

from sqlalchemy import delete

from services.catalog.tables import attendance
from shared.db.transaction import Transaction
from shared.events.registration import AttendanceCounted


def note_attendance(tx: Transaction, told: AttendanceCounted) -> None:
    """Let the newest counts of a meeting stand instead of those before: someone may be checked in afterwards."""
    tx.session.execute(delete(attendance).where(attendance.c.meeting_id == told.meeting_id))
    rows = [
        {
            "meeting_id": told.meeting_id,
            "organisation": count.organisation_id or "",
            "target_group": count.target_group,
            "registered": count.registered,
            "attended": count.attended,
            "no_show": count.no_show,
            "counted_at": tx.now,
        }
        for count in told.counts
    ]
    tx.upsert(attendance, rows)
