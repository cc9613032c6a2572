"""What people do who are registered: whoever stands so, and whatever their calendar answers."""

from collections.abc import Sequence
from random import Random

from sqlalchemy import select

from services.notifications.actions.read_reply import take_answer
from services.notifications.rules.replies import Choice, Said
from services.notifications.tables import invitation
from services.registration.tables import registration
from shared.db.transaction import Database
from tests.simulation.settings import OURS

_ANSWERS: list[Choice] = ["accepted", "declined", "declined", "tentative"]


def registered_as(database: Database, statuses: Sequence[str]) -> Sequence[str]:
    """The ids of those who stand so, in the order in which they came."""
    with database.reading() as session:
        found = select(registration.c.id).where(registration.c.status.in_(statuses)).order_by(registration.c.id)
        return session.scalars(found).all()


def answer_invitation(database: Database, chance: Random) -> object:
    """Somebody who was told of a seat says yes or no in their calendar; perhaps to what is no longer so."""
    with database.begin() as tx:
        told = select(invitation).where(invitation.c.told_sequence.is_not(None)).order_by(invitation.c.id)
        rows = tx.session.execute(told.with_for_update()).all()
        if not rows:
            return None
        row = chance.choice(rows)
        choice = chance.choice(_ANSWERS)
        sequence = chance.randint(0, row.told_sequence)
        return take_answer(tx, OURS, row, Said(choice=choice, sequence=sequence, stamped_at=tx.now))
