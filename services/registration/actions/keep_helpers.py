"""Helpers at the door of one meeting: they come in with a key that opens nothing else, and not for long."""

from services.registration.actions.keep_keys import add_key, revoke_access
from services.registration.queries.meetings import meeting_by
from services.registration.rules.retention import midnight_after
from services.registration.tables import grants
from shared.db.transaction import Transaction


def invite_helpers(tx: Transaction, meeting_id: str, name: str, by: str) -> str:
    """Make a key for the helpers of a meeting, good until the end of its day, and give it.

    Raises ``LookupError`` for an unknown meeting.
    """
    row = meeting_by(tx.session, meeting_id)
    if row is None:
        raise LookupError(f"no meeting {meeting_id}")
    until = midnight_after(row.ends_at, row.time_zone)
    return add_key(tx, "helper", by=by, name=name, meeting_id=meeting_id, valid_until=until)


def dismiss_helpers(tx: Transaction, meeting_id: str, by: str) -> None:
    """Let none of the keys of a meeting's helpers open anything any more."""
    revoke_access(tx, by, grants.c.role == "helper", grants.c.meeting_id == meeting_id)
