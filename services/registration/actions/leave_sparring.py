"""Somebody leaves the network, or keeps another away: what was to come of talks with them ends."""

from sqlalchemy import ColumnElement, delete, update

from services.registration.actions.answer_spar import take_step
from services.registration.actions.ask_to_spar import LAPSE_SPARRING
from services.registration.queries.sparring import pair_by, talk_of, talks_with
from services.registration.rules.sparring import Step, end
from services.registration.tables import sparring
from shared.bus.erasing import empty_told
from shared.db.due import plan_no_more
from shared.db.transaction import Transaction
from shared.events.sparring import Side


def leave_sparring(tx: Transaction, profile_id: str) -> int:
    """End all talks of this profile that were to come, and forget who they were with; gives how many there were.

    Call it before the profile goes. What came to nothing is erased. Of what was agreed on the other keeps that there
    was a talk, and not with whom.
    """
    rows = talks_with(tx.session, profile_id)
    for row in rows:
        _end(tx, row.id, "asker" if row.asker_id == profile_id else "asked")
        plan_no_more(tx, LAPSE_SPARRING, row.id)
    came_to_nothing = delete(sparring).where(_is_of(profile_id), sparring.c.starts_at.is_(None))
    for sparring_id in tx.session.scalars(came_to_nothing.returning(sparring.c.id)).all():
        empty_told(tx, "sparring", sparring_id)  # an event before acceptance names the asker without the address
    for column in (sparring.c.asker_id, sparring.c.asked_id):
        left = {column.name: None, "words": "", "place": ""}
        tx.session.execute(update(sparring).where(column == profile_id).values(left))
    return len(rows)


def take_requests_back(tx: Transaction, blocker_id: str, blocked_id: str) -> None:
    """Take back what the one who blocks asked of the other. What the other asked simply is not answered any more."""
    for row in talks_with(tx.session, blocker_id):
        if (row.asker_id, row.asked_id, row.status) == (blocker_id, blocked_id, "open"):
            _end(tx, row.id, "asker")


def _end(tx: Transaction, sparring_id: str, side: Side) -> None:
    pair = pair_by(tx.session, sparring_id)
    step = end(talk_of(pair.row), side, tx.now) if pair else None
    if pair and isinstance(step, Step):
        take_step(tx, pair, step)


def _is_of(profile_id: str) -> ColumnElement[bool]:
    return (sparring.c.asker_id == profile_id) | (sparring.c.asked_id == profile_id)
