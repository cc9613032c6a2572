"""Leave the network: everything goes at once."""

from sqlalchemy import delete, or_, select

from services.registration.actions.keep_consent import withdraw_consent
from services.registration.actions.leave_sparring import leave_sparring
from services.registration.tables import network_block, network_report, profile
from shared.db.transaction import Transaction


def leave_network(tx: Transaction, profile_id: str) -> None:
    """Remove a profile and all that hangs on it; a profile that is not there is left already.

    What stays is another's: that they want to see this person no more, should they ever come back; and that there was
    a talk, without with whom. Talks that were to come leave both calendars.
    """
    leave_sparring(tx, profile_id)
    address_key = tx.session.scalar(select(profile.c.address_key).where(profile.c.id == profile_id))
    if address_key:
        withdraw_consent(tx, address_key, "network")
    about = or_(network_report.c.reporter_id == profile_id, network_report.c.reported_id == profile_id)
    tx.session.execute(delete(network_report).where(about))
    tx.session.execute(delete(network_block).where(network_block.c.blocker_id == profile_id))
    tx.session.execute(delete(profile).where(profile.c.id == profile_id))
