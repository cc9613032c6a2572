"""Somebody of the network asks another to talk something over."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from services.registration.actions.tell_sparring import tell_sparring
from services.registration.queries.sparring import Pair, count_open, have_talk, is_asked_too_much, pair_by
from services.registration.rules.sparring import LASTS, MOST_OPEN, NotNow, refuse_moment
from services.registration.tables import profile, sparring
from shared.db.due import plan
from shared.db.transaction import Transaction, new_id
from shared.times import utc_text

LAPSE_SPARRING = "lapse-sparring"


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody wants to talk over, at one of ``times`` (aware UTC; none: the other proposes one), and where."""

    words: str
    times: tuple[datetime, ...] = ()
    minutes: int = 30
    place: str = ""


def ask_to_spar(tx: Transaction, asker: Row[Any], asked: Row[Any], wish: Wish) -> NotNow | None:
    """Relay the wish of one profile to another that it may see; gives why not.

    Who is asked by very many this week is not troubled with it, and the asker cannot tell that from silence.
    """
    tx.session.execute(select(profile.c.id).where(profile.c.id == asker.id).with_for_update())
    for at in wish.times:
        if refused := refuse_moment(at, tx.now):
            return refused
    if have_talk(tx.session, asker.id, asked.id, tx.now):
        return "asked-already"
    if count_open(tx.session, asker.id) >= MOST_OPEN:
        return "too-many"
    row = {
        "id": new_id(),
        "asker_id": asker.id,
        "asked_id": asked.id,
        "status": "open",
        "words": wish.words,
        "place": wish.place,
        "turn": "asked",
        "times": [utc_text(each) for each in sorted(set(wish.times))],
        "proposal": 1,
        "minutes": wish.minutes,
        "relayed": not is_asked_too_much(tx.session, asked.id, tx.now),
        "link_version": 1,
        "asked_at": tx.now,
    }
    tx.session.execute(sparring.insert(), row)
    plan(tx, LAPSE_SPARRING, str(row["id"]), tx.now + LASTS)
    pair = pair_by(tx.session, str(row["id"]))
    assert isinstance(pair, Pair), "it was just put there"
    tell_sparring(tx, pair, "asked")
    return None
