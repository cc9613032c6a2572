"""Remember what a person's calendar was told last, so that notifications can be rebuilt from us."""

from sqlalchemy import select

from services.registration.tables import registration
from shared.db.transaction import Transaction
from shared.events.notifications import InvitationSent


def note_invitation(tx: Transaction, happened: InvitationSent) -> None:
    """Keep the invitation's id, its sequence and its method with the registration.

    Many such events share a transaction, and it holds no meeting: so it never waits for a registration that an act
    holds, which may wait for another that we hold. Raises what the database raises then, and it is tried again later.
    Who is only invited is nobody here yet.
    """
    if happened.registration_id is None:
        return
    mine = registration.c.id == happened.registration_id
    tx.session.execute(select(registration.c.id).where(mine).with_for_update(nowait=True, key_share=True))
    told = {
        "invitation_id": happened.invitation_id,
        "told_sequence": happened.sequence,
        "told_method": happened.method,
    }
    tx.session.execute(registration.update().where(mine).values(told))
