"""Remember what a person's calendar was told last, so that notifications can be rebuilt from us."""

from services.registration.tables import registration
from shared.db.transaction import Transaction
from shared.events.notifications import InvitationSent


def note_invitation(tx: Transaction, happened: InvitationSent) -> None:
    """Keep the invitation's id, its sequence and its method with the registration."""
    mine = registration.c.id == happened.registration_id
    told = {
        "invitation_id": happened.invitation_id,
        "told_sequence": happened.sequence,
        "told_method": happened.method,
    }
    tx.session.execute(registration.update().where(mine).values(told))
