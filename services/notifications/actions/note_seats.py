"""Remember how many seats are free: nobody is invited to a full meeting."""

from services.notifications.tables import seats
from shared.db.transaction import Transaction
from shared.events.registration import SeatsChanged


def note_seats(tx: Transaction, told: SeatsChanged) -> None:
    """Take over the figures of a meeting, of all of it and of each target group."""
    groups = {code: group.free for code, group in told.target_groups.items()}
    tx.upsert(seats, [{"meeting_id": told.meeting_id, "free": told.free, "groups": groups}])
