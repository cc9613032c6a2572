"""One of the two answers, proposes another moment or ends it; or nobody answers and it runs out."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import delete, select, update

from services.registration.actions.ask_to_spar import LAPSE_SPARRING
from services.registration.actions.tell_sparring import tell_sparring
from services.registration.queries.sparring import Pair, is_kept_away, pair_by, talk_of
from services.registration.rules.sparring import KEPT_FOR, LASTS, NO_TOLD_WITHIN, NotNow, Step, Talk, lapse
from services.registration.tables import sparring
from shared.bus.erasing import empty_told
from shared.db.due import plan, plan_no_more
from shared.db.transaction import Transaction
from shared.times import utc_text

FORGET_SPARRING = "forget-sparring"
FORGET_TOLD = "forget-told-sparring"


def answer_spar(
    tx: Transaction, sparring_id: str, act: Callable[[Talk], Step | NotNow], place: str | None = None
) -> NotNow | None:
    """Let one of the two do ``act``, and tell the other; gives why it cannot be. ``place``: where they meet, if given.

    Nothing comes of an open request between people of whom one keeps the other away.
    """
    tx.session.execute(select(sparring.c.id).where(sparring.c.id == sparring_id).with_for_update())
    pair = pair_by(tx.session, sparring_id)
    if pair is None or is_kept_away(tx.session, pair):
        return "over"
    step = act(talk_of(pair.row))
    if isinstance(step, str):
        return step
    take_step(tx, pair, step, place)
    return None


def take_step(tx: Transaction, pair: Pair, step: Step, place: str | None = None) -> None:
    """Keep what came of it, and tell it. The talk is locked."""
    talk = step.talk
    now_so = {
        "status": talk.status,
        "turn": talk.turn,
        "times": [utc_text(each) for each in talk.times],
        "proposal": talk.proposal,
        "starts_at": talk.starts_at,
        "by": talk.by,
        **({} if place is None else {"place": place}),
    }
    tx.session.execute(update(sparring).where(sparring.c.id == pair.row.id).values(now_so))
    if talk.status == "open":
        plan(tx, LAPSE_SPARRING, pair.row.id, tx.now + LASTS)
    else:
        plan_no_more(tx, LAPSE_SPARRING, pair.row.id)
        plan(tx, FORGET_SPARRING, pair.row.id, max(tx.now, talk.starts_at or tx.now) + KEPT_FOR)
        if talk.starts_at is None:
            plan(tx, FORGET_TOLD, pair.row.id, tx.now + (NO_TOLD_WITHIN if step.told == "declined" else timedelta()))
    tell_sparring(tx, pair, step.told)


def lapse_sparring(tx: Transaction, sparring_id: str) -> None:
    """Due work: a request was not answered, and nobody is told so."""
    tx.session.execute(select(sparring.c.id).where(sparring.c.id == sparring_id).with_for_update())
    pair = pair_by(tx.session, sparring_id)
    step = lapse(talk_of(pair.row)) if pair else None
    if pair and isinstance(step, Step):
        take_step(tx, pair, step)


def forget_told(tx: Transaction, sparring_id: str) -> None:
    """Due work: nothing came of a request, so nobody needs what was told of it, and who the two are."""
    empty_told(tx, "sparring", sparring_id)


def forget_sparring(tx: Transaction, sparring_id: str) -> None:
    """Due work: a talk is long over."""
    tx.session.execute(delete(sparring).where(sparring.c.id == sparring_id))
