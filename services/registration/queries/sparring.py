"""Talks for two, and what one of the two may know of the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import Session

from services.registration.rules.sparring import LASTS, MOST_A_WEEK, Talk
from services.registration.tables import network_block, profile, sparring
from shared.events.sparring import Side

_A_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Pair:
    """A talk with the profiles of the two; None for who left the network."""

    row: Row[Any]
    asker: Row[Any] | None
    asked: Row[Any] | None

    def who(self, side: Side) -> Row[Any] | None:
        """The profile of one of them."""
        return self.asker if side == "asker" else self.asked


def pair_by(session: Session, sparring_id: str) -> Pair | None:
    """One talk; None where there is none (any more)."""
    row = session.execute(select(sparring).where(sparring.c.id == sparring_id)).one_or_none()
    return _pair(session, row) if row else None


def talk_of(row: Row[Any]) -> Talk:
    """How it stands."""
    return Talk(
        status=row.status,
        turn=row.turn,
        times=tuple(datetime.fromisoformat(each) for each in row.times),
        proposal=row.proposal,
        starts_at=row.starts_at,
        by=row.by,
    )


def pairs_of(session: Session, viewer: Row[Any]) -> list[Pair]:
    """The talks of the person of this profile, the newest first; without requests that they are kept away from."""
    mine = or_(sparring.c.asker_id == viewer.id, (sparring.c.asked_id == viewer.id) & sparring.c.relayed)
    rows = session.execute(select(sparring).where(mine).order_by(sparring.c.asked_at.desc(), sparring.c.id)).all()
    pairs = [_pair(session, row) for row in rows]
    return [pair for pair in pairs if pair.row.asker_id == viewer.id or not is_kept_away(session, pair)]


def is_kept_away(session: Session, pair: Pair) -> bool:
    """Whether nothing is to come of an open request: one of the two blocked the other, or it was not relayed."""
    if pair.row.status != "open":
        return False
    return not pair.row.relayed or pair.asker is None or pair.asked is None or _apart(session, pair.asker, pair.asked)


def count_open(session: Session, asker_id: str) -> int:
    """How many requests somebody has open."""
    theirs = select(func.count()).where(sparring.c.asker_id == asker_id, sparring.c.status == "open")
    return session.scalar(theirs) or 0


def is_asked_too_much(session: Session, asked_id: str, now: datetime) -> bool:
    """Whether enough requests were relayed to this person in the week before ``now`` (aware)."""
    lately = (sparring.c.asked_id == asked_id, sparring.c.relayed, sparring.c.asked_at > now - _A_WEEK)
    return (session.scalar(select(func.count()).where(*lately)) or 0) >= MOST_A_WEEK


def have_talk(session: Session, asker_id: str, asked_id: str, now: datetime) -> bool:
    """Whether one asked the other lately, or they are to talk anyway."""
    lately = (sparring.c.asker_id == asker_id) & (sparring.c.asked_id == asked_id)
    lately &= sparring.c.asked_at > now - LASTS
    either = [(asker_id, asked_id), (asked_id, asker_id)]
    ahead = [(sparring.c.asker_id == one) & (sparring.c.asked_id == two) for one, two in either]
    to_come = or_(*ahead) & (sparring.c.status == "agreed") & (sparring.c.starts_at > now)
    return session.scalar(select(sparring.c.id).where(or_(lately, to_come)).limit(1)) is not None


def talks_with(session: Session, profile_id: str) -> Sequence[Row[Any]]:
    """All talks of the person of this profile, locked."""
    theirs = or_(sparring.c.asker_id == profile_id, sparring.c.asked_id == profile_id)
    return session.execute(select(sparring).where(theirs).order_by(sparring.c.id).with_for_update()).all()


def _apart(session: Session, one: Row[Any], two: Row[Any]) -> bool:
    blocks = network_block.c
    either = or_(
        (blocks.blocker_id == one.id) & (blocks.blocked_key == two.address_key),
        (blocks.blocker_id == two.id) & (blocks.blocked_key == one.address_key),
    )
    return session.scalar(select(blocks.id).where(either).limit(1)) is not None


def _pair(session: Session, row: Row[Any]) -> Pair:
    ids = [each for each in (row.asker_id, row.asked_id) if each]
    found = {each.id: each for each in session.execute(select(profile).where(profile.c.id.in_(ids)))}
    return Pair(row, found.get(row.asker_id), found.get(row.asked_id))
