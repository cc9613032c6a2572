"""Sign people up for one meeting, in order of arrival: all who ask at the same moment share a transaction.

Who signs up twice stays as they are and gets the answer that a newcomer would get, so that an onlooker learns nothing;
``registration.repeated`` lets the mail say what is true.
"""

from collections.abc import Sequence

from services.registration.actions.settle import settle
from services.registration.actions.sign_up_batch import Batch
from services.registration.queries.meetings import meeting_by
from services.registration.queries.seats import seats_of
from services.registration.rules.decision import Refused
from services.registration.rules.sign_ups import Outcome, SignUp
from shared.db.transaction import Transaction


def sign_up(tx: Transaction, meeting_id: str, requests: Sequence[SignUp]) -> list[Outcome]:
    """Decide on each request in turn and write what was decided; gives an outcome for each, in the same order.

    The meeting must be locked; the seat gate does so.
    """
    row = meeting_by(tx.session, meeting_id)
    if row is None:
        return [Refused("meeting-unknown") for _ in requests]
    batch = Batch(tx, settle(tx, seats_of(row)), requests)
    outcomes = batch.decide()
    batch.write()
    return outcomes
