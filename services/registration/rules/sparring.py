"""A talk for two: who may say what when, and what comes of it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from shared.events.sparring import Side

LASTS = timedelta(days=14)
"""How long something proposed waits for an answer. Then it has run out, and nobody is told who did not answer."""

KEPT_FOR = timedelta(days=60)
"""How long a talk is remembered after it took place, or came to nothing."""

NO_TOLD_WITHIN = timedelta(days=1)
"""How long what was told of a request that was refused is kept, for the mail that says so."""

MOST_OPEN = 5
"""How many requests somebody may have open."""

MOST_A_WEEK = 10
"""How many requests are relayed to one person in a week; what comes on top of that they never see."""

LONGEST_WORDS = 1_000
FURTHEST = timedelta(days=366)
"""How far ahead a moment can be proposed."""

MINUTES = (15, 30, 45, 60)

NotNow: TypeAlias = Literal["over", "not-your-turn", "no-such-time", "past", "too-far", "too-many", "asked-already"]
"""Why something cannot be: what it is about does not stand any more, or a limit."""

Told: TypeAlias = Literal["asked", "accepted", "declined", "moved", "ended"]

_OTHER: dict[Side, Side] = {"asker": "asked", "asked": "asker"}


def other(side: Side) -> Side:
    """The one they talk to."""
    return _OTHER[side]


@dataclass(frozen=True, kw_only=True)
class Talk:
    """How it stands. ``turn`` is who may choose one of ``times`` (aware UTC); ``starts_at`` is what was agreed on."""

    status: Literal["open", "agreed", "declined", "ended"]
    turn: Side | None = None
    times: tuple[datetime, ...] = ()
    proposal: int = 1
    starts_at: datetime | None = None
    by: Side | None = None

    def stands(self, now: datetime) -> bool:
        """Whether something can still come of it, or is still to take place."""
        return self.status == "open" or self.is_ahead(now)

    def is_ahead(self, now: datetime) -> bool:
        """Whether it was agreed on and is still to take place."""
        return self.status == "agreed" and self.starts_at is not None and self.starts_at > now


@dataclass(frozen=True)
class Step:
    """What came of something that one of the two did, and what is told of it."""

    talk: Talk
    told: Told


def refuse_moment(at: datetime, now: datetime) -> NotNow | None:
    """Why this moment (aware) cannot be proposed."""
    if at <= now:
        return "past"
    return "too-far" if at > now + FURTHEST else None


def accept(talk: Talk, side: Side, at: datetime, now: datetime) -> Step | NotNow:
    """``side`` chooses one of the moments that were proposed to them."""
    if refused := _refuse_answer(talk, side, now):
        return refused
    if at not in talk.times:
        return "no-such-time"
    if at <= now:
        return "past"
    agreed = replace(talk, status="agreed", turn=None, times=(), starts_at=at, by=None)
    return Step(agreed, "moved" if talk.status == "agreed" else "accepted")


def propose(talk: Talk, side: Side, at: datetime, now: datetime) -> Step | NotNow:
    """``side`` proposes another moment: instead of those proposed to them, or of what was agreed on."""
    if not talk.stands(now):
        return "over"
    if talk.status == "open" and talk.turn != side:
        return "not-your-turn"
    if refused := refuse_moment(at, now):
        return refused
    if at == talk.starts_at:
        return "no-such-time"
    return Step(replace(talk, turn=other(side), times=(at,), proposal=talk.proposal + 1, by=None), "asked")


def decline(talk: Talk, side: Side, now: datetime) -> Step | NotNow:
    """``side`` says no to what was proposed to them; what was agreed on before stays."""
    if refused := _refuse_answer(talk, side, now):
        return refused
    status: Literal["agreed", "declined"] = "agreed" if talk.status == "agreed" else "declined"
    return Step(replace(talk, status=status, turn=None, times=(), by=side), "declined")


def end(talk: Talk, side: Side, now: datetime) -> Step | NotNow:
    """``side`` takes a request back, or does not want the talk any more."""
    if not talk.stands(now):
        return "over"
    return Step(replace(talk, status="ended", turn=None, times=(), by=side), "ended")


def lapse(talk: Talk) -> Step | NotNow:
    """Nobody answered."""
    if talk.status != "open":
        return "over"
    return Step(replace(talk, status="ended", turn=None, times=(), by=None), "ended")


def _refuse_answer(talk: Talk, side: Side, now: datetime) -> NotNow | None:
    if not talk.stands(now):
        return "over"
    return None if talk.turn == side else "not-your-turn"
