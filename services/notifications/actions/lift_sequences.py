"""After our database was put back to an older state: calendars may hold newer objects than we know of."""

from typing import Final

from sqlalchemy import update

from services.notifications.tables import LIVE, invitation
from shared.db.transaction import Transaction

_LEAP: Final = 1_000
"""More than a meeting ever changes between two backups."""


def lift_sequences(tx: Transaction) -> None:
    """Let the next object of every live invitation be newer than any that its calendar may hold (RFC 5546, 2.1.4).

    What was answered stays an answer to what was asked: only what is told next goes up.
    """
    live = (invitation.c.state == LIVE, invitation.c.told_sequence.is_not(None))
    tx.session.execute(update(invitation).where(*live).values(told_sequence=invitation.c.told_sequence + _LEAP))
