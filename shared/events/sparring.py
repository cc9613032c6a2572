"""What registration tells of two people of the network who want to talk to each other."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.events.contract import event, personal

Side = Literal["asker", "asked"]
"""Who of the two."""


_BOTH = ("sparring.asker.email", "sparring.asked.email")


@dataclass(frozen=True, kw_only=True)
class Partner:
    """One of the two, as their profile shows them; ``target_group`` is a code.

    ``email`` is None where nobody needs it: before both agreed an event names the address of whom it tells something,
    and never the other one's.
    """

    name: str = personal()
    email: str | None = personal(default=None)
    organisation: str = personal(default="")
    target_group: str = ""
    language: Literal["nl", "en"] = "nl"


@dataclass(frozen=True, kw_only=True)
class Sparring:
    """A talk for two, as it stands now. Instants are aware UTC.

    ``turn`` is who has something to answer: one of the ``times`` that the other proposed, none of them where the other
    leaves it to them. ``proposal`` counts how often something was proposed. ``starts_at`` is what both agreed on; it
    holds until another time is agreed on. ``by`` said no, or ended it; None: nobody did, it ran out. ``words`` are the
    asker's. ``link_version`` is what links to it are signed over.
    """

    id: str
    status: Literal["open", "agreed", "declined", "ended"]
    asker: Partner
    asked: Partner
    words: str = personal(default="")
    turn: Side | None = None
    times: tuple[datetime, ...] = ()
    proposal: int = 1
    starts_at: datetime | None = None
    minutes: int = 30
    place: str = personal(default="")
    online_url: str = personal(default="")
    by: Side | None = None
    link_version: int = 1
    created_at: datetime


@event("spar.asked", by="registration", aggregate="sparring", key="sparring.id", carries_state=True, whose=_BOTH)
@dataclass(frozen=True, kw_only=True)
class SparAsked:
    """It is somebody's turn to answer: to whether they want to talk at all, or to another time."""

    sparring: Sparring


@event("spar.accepted", by="registration", aggregate="sparring", key="sparring.id", carries_state=True, whose=_BOTH)
@dataclass(frozen=True, kw_only=True)
class SparAccepted:
    """The two agreed on a time: from now on they know each other's address."""

    sparring: Sparring


@event("spar.declined", by="registration", aggregate="sparring", key="sparring.id", carries_state=True, whose=_BOTH)
@dataclass(frozen=True, kw_only=True)
class SparDeclined:
    """``sparring.by`` said no: to talking, or, where the two agreed already, to another time than that."""

    sparring: Sparring


@event("spar.moved", by="registration", aggregate="sparring", key="sparring.id", carries_state=True, whose=_BOTH)
@dataclass(frozen=True, kw_only=True)
class SparMoved:
    """The two agreed on another time."""

    sparring: Sparring


@event("spar.ended", by="registration", aggregate="sparring", key="sparring.id", carries_state=True, whose=_BOTH)
@dataclass(frozen=True, kw_only=True)
class SparEnded:
    """It is over before it took place: taken back, run out, called off, or one of the two left the network."""

    sparring: Sparring
