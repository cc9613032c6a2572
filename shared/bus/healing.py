"""How a service heals by itself: it compares what it knows with what the others say they told, and has it told again.

Every service says its digests every quarter of an hour in which it said something else too, and when it is asked, which
the others do at their start. A digest travels behind all that it counts, so whoever handles it has had that, or has
lost it. Events that overtook each other at the publisher may be missing for a moment: so the question is put once more,
and only what differs twice in a row is asked for. It is asked for ever more seldom where that does not help.

A copy that is gone from where it was kept is certain, and is asked for at once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import structlog
from sqlalchemy import ColumnElement, Row, and_, delete, false, func, or_, select, update
from sqlalchemy.orm import Session

from shared.bus.arrivals import Stream
from shared.bus.digests import FACTS, Copies, is_held_up, lost, restored_at, what_we_heard, what_we_know, what_we_told
from shared.bus.epochs import current_epoch, notice
from shared.correlation import causation
from shared.db.base import FlowTables
from shared.db.due import plan, plan_first
from shared.db.transaction import Transaction, new_id
from shared.events.replay import ABOUT_OURSELVES, ALL_KINDS, DigestRequested, DigestTold, ReplayRequested

if TYPE_CHECKING:
    from shared.bus.inbox import Inbox

COMPARE: Final = "compare"
"""The due work that compares every quarter of an hour."""

ASK: Final = "ask-digests"
"""The due work that compares at the start."""

EVERY = timedelta(minutes=15)
_JUST_NOW = timedelta(minutes=1)
"""What a service says of itself within so long after its start tells nothing of what it knew before."""

_LONG_AGO = timedelta(minutes=5)
"""What came in before that was not just said, whatever the clocks of two machines show."""

_LONGEST = timedelta(days=1)
_DOUBLINGS = 10

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Upkeep:
    """What a service adds so that it can be kept whole: where its copies are, and what it does after a restoration."""

    copies: Copies = field(default_factory=dict)
    taken_up: Callable[[Transaction], object] = lambda _tx: None


@dataclass(frozen=True)
class Standing:
    """How often in a row it differed, how often we asked to be told again since it agreed last, and when we did."""

    differs: int = 0
    heals: int = 0
    healed_at: datetime | None = None

    def is_to_be_healed(self, now: datetime) -> bool:
        """Whether to ask at ``now`` (aware UTC): after differing twice, then after pauses that double up to a day."""
        if self.differs < 2:  # noqa: PLR2004  # once is perhaps still under way
            return False
        pause = min(EVERY * 2 ** min(self.heals, _DOUBLINGS), _LONGEST)
        return self.healed_at is None or now - self.healed_at >= pause


def plan_comparing(tx: Transaction) -> None:
    """At each start: compare now, and then every quarter of an hour.

    Each start has work of its own, and waits for nobody who hangs in that of another.
    """
    plan(tx, ASK, new_id(), tx.now)
    plan_first(tx, COMPARE, "quarterly", tx.now + EVERY)


class Healing:
    """The part of an inbox that keeps what it knows whole."""

    def __init__(self, inbox: "Inbox", upkeep: Upkeep) -> None:
        self.inbox = inbox
        self.upkeep = upkeep

    @property
    def work(self) -> Mapping[str, Callable[[Transaction, str], None]]:
        """What is due, by kind."""
        return {ASK: lambda tx, _start: self.question(tx), COMPARE: self._look_after}

    def question(self, tx: Transaction) -> None:
        """Ask all others to tell their digests."""
        outbox, asker = tx.flow.outbox.c, self.inbox.service_name
        newest = tx.session.scalar(select(func.max(outbox.id)).where(outbox.occurred_at < tx.now - _JUST_NOW))
        tx.publish(DigestRequested(asker=asker, asked_at=tx.now, epoch=current_epoch(tx), newest=newest))

    def answer(self, tx: Transaction, asked: DigestRequested) -> None:
        """Tell ours; and if we heard more of the asker than stands in its journal, that it was put back."""
        if _knows_more(tx, asked):
            notice(tx, asked.asker, asked.epoch, self.inbox.service_name)  # first: then it does not ask for more
        tx.publish(what_we_told(tx.session, tx.flow, self.inbox.service_name, tx.now, asked.asker))

    def compare(self, tx: Transaction, told: DigestTold) -> None:
        """Compare what we know with what ``told`` counts, and do about it what is to be done."""
        if told.asker not in (None, self.inbox.service_name):
            return
        listened = [kind for publisher, kind in self.inbox.listened_to() if publisher == told.publisher]
        theirs = {kind.aggregate: (kind.things, kind.digest) for kind in told.kinds}
        found = {}
        for kind in listened:
            if not is_held_up(tx.session, tx.flow, Stream(told.publisher, kind, "")):
                ours = what_we_know(tx.session, tx.flow, told.publisher, kind, self.upkeep.copies)
                found[kind] = (ours.count, ours.text), theirs.get(kind, (0, f"{0:032x}"))
        if not _was_restored_since(tx, told.since):
            heard = what_we_heard(tx.session, tx.flow, told, causation())
            found[ALL_KINDS] = (heard.count, heard.text), (told.recent, told.recent_digest)
        self._settle(tx, told, found)

    def _settle(
        self, tx: Transaction, told: DigestTold, found: Mapping[str, tuple[tuple[int, str], tuple[int, str]]]
    ) -> None:
        is_news = False
        for kind, (ours, theirs) in found.items():
            before = _standing(tx, told.publisher, kind)
            now = Standing() if ours == theirs else Standing(before.differs + 1, before.heals, before.healed_at)
            is_news |= now.differs == 1
            if now.is_to_be_healed(tx.now):
                since = told.since if kind == ALL_KINDS else None
                now = self._heal(tx, told.publisher, kind, now, since)
                is_news = True
            _write(tx, told.publisher, kind, now, (ours[0], theirs[0]))
        if is_news:
            self.question(tx)

    def _heal(
        self, tx: Transaction, publisher: str, kind: str, standing: Standing, since: datetime | None = None
    ) -> Standing:
        """Ask to be told again; gives how it stands then."""
        _log.warning("asking to be told again", publisher=publisher, aggregate=kind, times=standing.heals + 1)
        if since is None:
            if (publisher, kind) in self.upkeep.copies:
                forget(tx, publisher, kind, lost(tx.flow, publisher, kind, self.upkeep.copies))
            else:
                forget(tx, publisher, kind, false())
            self.inbox.ask(tx, publisher, kind)
        else:
            asker = self.inbox.service_name
            tx.publish(ReplayRequested(id=new_id(), asker=asker, publisher=publisher, aggregate=kind, since=since))
        return Standing(standing.differs, standing.heals + 1, tx.now)

    def _look_after(self, tx: Transaction, subject: str) -> None:
        """Due work: see to our copies, say what we told if it is more than before, and ask again where it differs."""
        plan(tx, COMPARE, subject, tx.now + EVERY)
        for publisher, kind in self.upkeep.copies:
            self._mourn(tx, publisher, kind)
        if _said_something(tx):
            tx.publish(what_we_told(tx.session, tx.flow, self.inbox.service_name, tx.now))
        digest = tx.flow.digest
        if tx.session.scalar(select(func.count()).select_from(digest).where(digest.c.agrees.is_(False))):
            self.question(tx)

    def _mourn(self, tx: Transaction, publisher: str, kind: str) -> None:
        """Ask for what we were told and do not have any more; twice is not needed to be sure of that."""
        gone = _count(tx, lost(tx.flow, publisher, kind, self.upkeep.copies))
        if not gone:
            return
        before = _standing(tx, publisher, kind)
        standing = Standing(max(before.differs, 1) + 1, before.heals, before.healed_at)
        told = _count(tx, _facts_of(tx.flow, publisher, kind))
        if standing.is_to_be_healed(tx.now):
            standing = self._heal(tx, publisher, kind, standing)
        _write(tx, publisher, kind, standing, (told - gone, told))


def forget(tx: Transaction, publisher: str, kind: str, chosen: ColumnElement[bool] | None = None) -> None:
    """Let the facts of this kind be news when they are told again: all, or those of the ``chosen`` rows of ``seen``.

    What we seem to have handled without having seen it goes too.
    """
    seen, inbox = tx.flow.seen, tx.flow.inbox
    facts = update(seen).where(seen.c.publisher == publisher, seen.c.aggregate == kind)
    if chosen is not None:
        facts = facts.where(chosen)
    tx.session.execute(facts.values(fact_epoch=0, fact_version=0))
    same = [seen.c[name] == inbox.c[name] for name in ("publisher", "aggregate", "aggregate_id")]
    is_seen = or_(
        seen.c.fact_epoch > inbox.c.epoch,
        and_(seen.c.fact_epoch == inbox.c.epoch, seen.c.fact_version >= inbox.c.version),
    )
    came_in = delete(inbox).where(inbox.c.publisher == publisher, inbox.c.aggregate == kind)
    unseen = ~select(seen.c.version).where(*same, is_seen).exists()
    tx.session.execute(came_in.where(inbox.c.type.in_(FACTS), inbox.c.state == "done", unseen))


def standings(session: Session, flow: FlowTables) -> Sequence[Row[Any]]:
    """How we stand with each publisher, by kind: the rows of ``digest``."""
    digest = flow.digest
    return session.execute(select(digest).order_by(digest.c.publisher, digest.c.aggregate)).all()


def _was_restored_since(tx: Transaction, moment: datetime) -> bool:
    """What we were told before is no news, though we do not know of it: it was acted on before the restoration."""
    at = restored_at(tx.session, tx.flow)
    return at is not None and at > moment


def _knows_more(tx: Transaction, asked: DigestRequested) -> bool:
    """Whether we heard something of the asker, long before it asked, that is newer than all that it knows of itself."""
    inbox = tx.flow.inbox.c
    told = (inbox.publisher == asked.asker, inbox.version > 0, inbox.epoch >= asked.epoch)
    theirs = (*told, inbox.id > (asked.newest or ""))
    long_ago = inbox.received_at < asked.asked_at - _LONG_AGO
    return tx.session.scalar(select(inbox.id).where(*theirs, long_ago).limit(1)) is not None


def _said_something(tx: Transaction) -> bool:
    """Whether we told of anything but ourselves since we told our digests last."""
    outbox = tx.flow.outbox.c
    last = select(func.coalesce(func.max(outbox.position), 0)).where(outbox.type == "digest.told").scalar_subquery()
    news = select(outbox.id).where(outbox.position > last, outbox.aggregate.not_in(ABOUT_OURSELVES))
    return tx.session.scalar(news.limit(1)) is not None


def _standing(tx: Transaction, publisher: str, kind: str) -> Standing:
    digest = tx.flow.digest
    mine = (digest.c.publisher == publisher, digest.c.aggregate == kind)
    row = tx.session.execute(select(digest).where(*mine)).one_or_none()
    return Standing(row.differs, row.heals, row.healed_at) if row else Standing()


def _write(tx: Transaction, publisher: str, kind: str, standing: Standing, counts: tuple[int, int]) -> None:
    row = {
        "publisher": publisher,
        "aggregate": kind,
        "agrees": not standing.differs,
        "ours": counts[0],
        "theirs": counts[1],
        "differs": standing.differs,
        "heals": standing.heals,
        "looked_at": tx.now,
        "healed_at": standing.healed_at,
    }
    tx.upsert(tx.flow.digest, [row])


def _facts_of(flow: FlowTables, publisher: str, kind: str) -> ColumnElement[bool]:
    seen = flow.seen.c
    return (seen.publisher == publisher) & (seen.aggregate == kind) & (seen.fact_version > 0)


def _count(tx: Transaction, chosen: ColumnElement[bool]) -> int:
    return tx.session.scalar(select(func.count()).select_from(tx.flow.seen).where(chosen)) or 0
