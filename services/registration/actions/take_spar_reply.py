"""What the calendar of one of two who talk to each other says: no ends the talk, another time is proposed to the other.

A yes changes nothing, for they agreed before. A yes to what has ended is answered with how it stands.
"""

from datetime import datetime, timedelta

from services.registration.actions.answer_spar import answer_spar
from services.registration.actions.tell_sparring import tell_sparring
from services.registration.queries.sparring import pair_by
from services.registration.rules.sparring import end, propose
from shared.db.transaction import Transaction
from shared.events.notifications import Reply


def decline_talk(tx: Transaction, reply: Reply) -> None:
    """The talk does not suit this side any more, as its calendar said."""
    side = reply.side
    if side:
        answer_spar(tx, reply.meeting_id, lambda talk: end(talk, side, tx.now))


def counter_talk(tx: Transaction, reply: Reply, starts_at: datetime) -> None:
    """Another time suits this side better: ask the other."""
    side, at = reply.side, starts_at - timedelta(seconds=starts_at.second, microseconds=starts_at.microsecond)
    if side:
        answer_spar(tx, reply.meeting_id, lambda talk: propose(talk, side, at, tx.now))


def accept_talk(tx: Transaction, reply: Reply) -> None:
    """Take an entry that its calendar wants back out of it, if the talk is off."""
    pair = pair_by(tx.session, reply.meeting_id)
    if pair and pair.row.status == "ended" and pair.row.starts_at:
        tell_sparring(tx, pair, "ended")
