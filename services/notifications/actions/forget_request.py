"""A request to talk came to nothing: who asked whom, and about what, is nobody's business any more."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from services.notifications.queries.facts import read_sparring
from services.notifications.rules.sparring import came_to_nothing
from services.notifications.tables import incoming_mail, outgoing_mail, sparring
from shared.db.due import plan
from shared.db.transaction import Transaction
from shared.events import CONTRACTS
from shared.events.cleansing import without_person

FORGET_REQUEST = "forget-request"

_LOOK_AGAIN = timedelta(minutes=10)


def forget_request(tx: Transaction, sparring_id: str) -> None:
    """Due work: take the two and their words out of the facts and of every mail about it, once none is on its way.

    That there were mails stays for the term of mail, with the address they went to and without what they said.
    """
    facts = tx.session.scalar(select(sparring.c.facts).where(sparring.c.id == sparring_id).with_for_update())
    if facts is None or not came_to_nothing(read_sparring(facts)):
        return
    mine = outgoing_mail.c.meeting_id == sparring_id
    under_way = select(outgoing_mail.c.id).where(mine, outgoing_mail.c.status.in_(("waiting", "sending")))
    if tx.session.scalar(under_way.limit(1)):  # a no is still to be read, and names who said it
        plan(tx, FORGET_REQUEST, sparring_id, tx.now + _LOOK_AGAIN)
        return
    nobody = without_person(CONTRACTS["spar.ended"], {"sparring": facts})["sparring"]
    tx.session.execute(update(sparring).where(sparring.c.id == sparring_id).values(facts=nobody))
    said: dict[str, Any] = {"recipient_name": "", "about": {}, "subject": None, "source": None}
    tx.session.execute(update(outgoing_mail).where(mine).values(said))
    answered = {"sender": "", "subject": "", "source": b"", "claimed_by": None}
    tx.session.execute(update(incoming_mail).where(incoming_mail.c.meeting_id == sparring_id).values(answered))
