"""Say how a talk for two stands, and no more of the two than who hears of it may know."""

from typing import Any

from sqlalchemy import Row, select

from services.registration.queries.sparring import Pair, talk_of
from services.registration.rules.sparring import Told, other
from services.registration.tables import sparring
from shared.db.transaction import Transaction
from shared.events.sparring import (
    Partner,
    Side,
    SparAccepted,
    SparAsked,
    SparDeclined,
    SparEnded,
    SparMoved,
    Sparring,
)

_EVENTS = {
    "asked": SparAsked,
    "accepted": SparAccepted,
    "declined": SparDeclined,
    "moved": SparMoved,
    "ended": SparEnded,
}
_LINKS = ("https://", "http://")


def tell_sparring(tx: Transaction, pair: Pair, told: Told) -> None:
    """Publish it as it stands now; a request that is not relayed is told to nobody.

    What ends before the two agreed is nobody's news: it is told without them and their words, and takes the place of
    what was told before.
    """
    row = tx.session.execute(select(sparring).where(sparring.c.id == pair.row.id)).one()
    if not row.relayed:
        return
    talk = talk_of(row)
    reader = talk.turn or (other(talk.by) if talk.by else None)
    has_agreed = talk.starts_at is not None
    came_to_nothing = told == "ended" and not has_agreed
    if came_to_nothing:
        pair = Pair(row, None, None)
    is_link = row.place.startswith(_LINKS)
    facts = Sparring(
        id=row.id,
        status=row.status,
        asker=_partner(pair, "asker", reader, knows_both=has_agreed),
        asked=_partner(pair, "asked", reader, knows_both=has_agreed),
        words="" if came_to_nothing else row.words,
        turn=talk.turn,
        times=talk.times,
        proposal=talk.proposal,
        starts_at=talk.starts_at,
        minutes=row.minutes,
        place="" if is_link else row.place,
        online_url=row.place if is_link else "",
        by=talk.by,
        link_version=row.link_version,
        created_at=row.asked_at,
    )
    tx.publish(_EVENTS[told](sparring=facts))


def _partner(pair: Pair, side: Side, reader: Side | None, *, knows_both: bool) -> Partner:
    """Both addresses once they agreed; before, that of who reads it, and nobody else's."""
    known: Row[Any] | None = pair.who(side)
    if known is None:
        return Partner(name="")
    has_address = knows_both or side == reader
    return Partner(
        name=known.name,
        email=known.email if has_address else None,
        organisation=known.organisation,
        target_group=known.target_group,
        language=known.language,
    )
