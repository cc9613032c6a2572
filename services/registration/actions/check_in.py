"""Note at the door, or afterwards, whether someone came."""

from sqlalchemy import delete, select, update

from services.registration.actions.set_standing import Act, Change, set_standings
from services.registration.actions.settle import lock_meeting, settled
from services.registration.queries.afterwards import attendance_counts
from services.registration.queries.meetings import meeting_by
from services.registration.queries.registrations import registrations
from services.registration.queries.seats import seats_of
from services.registration.rules.decision import Refused
from services.registration.rules.standing import HOLDS_SEAT
from services.registration.tables import attendance, meeting
from shared.db.transaction import Transaction
from shared.events.registration import AttendanceCounted


def check_in(tx: Transaction, registration_id: str, act: Act) -> Refused | None:
    """Note that someone came. Twice changes nothing; refused for who holds no seat.

    Raises ``LookupError`` for an unknown registration.
    """
    return _note(tx, registration_id, "attended", act)


def undo_check_in(tx: Transaction, registration_id: str, act: Act) -> Refused | None:
    """Note that someone did not come after all: a no-show once the attendance is closed, else just expected.

    Twice changes nothing; refused for who holds no seat. Raises ``LookupError`` for an unknown registration.
    """
    return _note(tx, registration_id, "confirmed", act)


def close_attendance(tx: Transaction, meeting_id: str, act: Act) -> Refused | None:
    """Let everyone who was expected and not seen be a no-show, and tell the counts, without names.

    Closing twice changes nothing; refused before the meeting has begun. Raises ``LookupError`` for an unknown meeting.
    """
    lock_meeting(tx, meeting_id)
    row = meeting_by(tx.session, meeting_id)
    if row is None:
        raise LookupError(f"no meeting {meeting_id}")
    if row.status == "cancelled":
        return Refused("meeting-cancelled")
    if tx.now < row.starts_at:
        return Refused("not-begun")
    if row.attendance_closed_at is not None:
        return None
    tx.session.execute(update(meeting).where(meeting.c.id == meeting_id).values(attendance_closed_at=tx.now))
    missed = registrations(tx.session, meeting_id, statuses={"confirmed", "offered"})
    set_standings(tx, seats_of(row), [Change(each._asdict(), {"status": "no_show"}, act) for each in missed])
    _tell_counts(tx, meeting_id)
    return None


def _note(tx: Transaction, registration_id: str, status: str, act: Act) -> Refused | None:
    seats, row = settled(tx, registration_id)
    if seats.opening.status == "cancelled":
        return Refused("meeting-cancelled")
    if row["status"] not in HOLDS_SEAT:
        return Refused("no-seat")
    closed = tx.session.scalar(select(meeting.c.attendance_closed_at).where(meeting.c.id == seats.meeting_id))
    wanted = "no_show" if status == "confirmed" and closed else status
    if row["status"] in {wanted, "offered" if wanted == "confirmed" else wanted}:
        return None
    kept = {"override_reason": row["override_reason"]}
    set_standings(tx, seats, [Change(row, {"status": wanted, **kept}, act)])
    if closed:
        _tell_counts(tx, seats.meeting_id)
    return None


def _tell_counts(tx: Transaction, meeting_id: str) -> None:
    """Keep and say how many came, per organisation and target group, instead of what was counted before."""
    counts = attendance_counts(tx.session, meeting_id)
    tx.session.execute(delete(attendance).where(attendance.c.meeting_id == meeting_id))
    rows = [
        {
            "meeting_id": meeting_id,
            "organisation_id": count.organisation_id or "",
            "target_group": count.target_group,
            "registered": count.registered,
            "attended": count.attended,
        }
        for count in counts
    ]
    tx.upsert(attendance, rows)
    tx.publish(AttendanceCounted(meeting_id=meeting_id, counts=counts))
