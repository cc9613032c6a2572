"""Sign people up, in order of arrival: all who ask at the same moment share a transaction, for whichever meetings.

Who signs up twice stays as they are and gets the answer that a newcomer would get, so that an onlooker learns nothing;
``registration.repeated`` lets the mail say what is true.
"""

from collections.abc import Mapping, Sequence

from services.registration.actions.settle import settle_all
from services.registration.actions.sign_up_batch import Batch
from services.registration.actions.write_sign_ups import write_sign_ups
from services.registration.queries.meetings import meetings_by
from services.registration.queries.seats import seats_of
from services.registration.queries.sign_ups import people_at
from services.registration.rules.decision import Refused
from services.registration.rules.sign_ups import Outcome, SignUp
from shared.db.transaction import Transaction


def sign_up(tx: Transaction, meeting_id: str, requests: Sequence[SignUp]) -> Sequence[Outcome]:
    """Decide on each request for one meeting in turn; gives an outcome for each, in the same order.

    The meeting must be locked.
    """
    return sign_up_everywhere(tx, {meeting_id: requests})[meeting_id]


def sign_up_everywhere(tx: Transaction, asked: Mapping[str, Sequence[SignUp]]) -> Mapping[str, Sequence[Outcome]]:
    """Decide on what is ``asked`` of each meeting, by its id, and write what was decided; gives the outcomes alike.

    The meetings must be locked; the seat gate does so.
    """
    known = meetings_by(tx.session, asked)
    every = settle_all(tx, [seats_of(row) for row in known.values()])
    people = people_at(tx.session, {seats.meeting_id: asked[seats.meeting_id] for seats in every})
    batches = [Batch(tx, seats, asked[seats.meeting_id], people[seats.meeting_id]) for seats in every]
    outcomes = {batch.seats.meeting_id: batch.decide() for batch in batches}
    write_sign_ups(tx, batches)
    return {id_: outcomes.get(id_) or [Refused("meeting-unknown") for _ in requests] for id_, requests in asked.items()}
