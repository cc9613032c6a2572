"""Digests: whether two services know the same, said in a few bytes.

A digest is a sum over the hashes of its lines, so it needs no order and no memory, and is the same on any database.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from shared.bus.arrivals import Stream
from shared.db.base import FlowTables
from shared.db.transaction import new_id
from shared.events import CONTRACTS
from shared.events.replay import ABOUT_OURSELVES, DigestTold, KindDigest

RECENT = timedelta(hours=24)
"""How far back all events are compared, and not only the newest fact about each thing."""

FACTS = [name for name, each in CONTRACTS.items() if each.carries_state and each.aggregate not in ABOUT_OURSELVES]
"""The events of which the newest tells all there is to know of a thing."""

Copies = Mapping[tuple[str, str], ColumnElement[str]]
"""By publisher and kind: the ids of the things in the table where we keep what we were told of them.

Only of kinds of which every thing that was told of stays there, so that one that is not there was lost.
"""

RESTORED_AT: Final = "restored_at"
"""The setting that says when our database was put back to an older state."""

_WRAP = 1 << 128


@dataclass
class Digest:
    """How many lines, and their digest."""

    count: int = 0
    total: int = 0

    def add(self, *parts: object) -> None:
        """One line more."""
        self.count += 1
        line = "\t".join(map(str, parts))
        self.total = (self.total + int.from_bytes(sha256(line.encode()).digest()[:16])) % _WRAP

    @property
    def text(self) -> str:
        """As it travels."""
        return f"{self.total:032x}"


def what_we_told(
    session: Session, flow: FlowTables, publisher: str, now: datetime, asker: str | None = None
) -> DigestTold:
    """Our newest facts by kind, and the events of the last day; ``now`` is aware UTC, ``asker`` is who wants to know.

    After a restoration only what was said since: of what came before, the others may know more than we do.
    """
    outbox = flow.outbox.c
    since = max(now - RECENT, restored_at(session, flow) or now - RECENT)
    first_id = session.scalar(select(func.min(outbox.id)).where(outbox.occurred_at >= since)) or new_id()
    others = outbox.aggregate.not_in(ABOUT_OURSELVES)
    recent = _over_ids(session.scalars(select(outbox.id).where(outbox.id >= first_id, others)))
    return DigestTold(
        publisher=publisher,
        kinds=tuple(
            KindDigest(aggregate=aggregate, things=digest.count, digest=digest.text)
            for aggregate, digest in sorted(_our_facts(session, flow).items())
        ),
        since=since,
        first_id=first_id,
        recent=recent.count,
        recent_digest=recent.text,
        asker=asker,
    )


def what_we_know(session: Session, flow: FlowTables, publisher: str, aggregate: str, copies: Copies) -> Digest:
    """The newest facts that we have of one kind; what was lost from where we keep it does not count."""
    seen, digest = flow.seen.c, Digest()
    kept = select(seen.aggregate_id, seen.fact_epoch, seen.fact_version).where(
        seen.publisher == publisher, seen.aggregate == aggregate, seen.fact_version > 0
    )
    if (publisher, aggregate) in copies:
        kept = kept.where(~lost(flow, publisher, aggregate, copies))
    for row in session.execute(kept.execution_options(yield_per=1000)):
        digest.add(*row)
    return digest


def what_we_heard(session: Session, flow: FlowTables, told: DigestTold, told_by: str | None) -> Digest:
    """The events that came in of those that ``told`` counts; ``told_by`` is the id of the event that says so."""
    inbox = flow.inbox.c
    others = (inbox.aggregate.not_in(ABOUT_OURSELVES), inbox.version > 0)  # 0: was no event
    mine = (inbox.publisher == told.publisher, inbox.id >= told.first_id, *others)
    position = session.scalar(select(inbox.position).where(inbox.id == told_by))
    before = () if position is None else (inbox.position < position,)  # the others came in together with it
    return _over_ids(session.scalars(select(inbox.id).where(*mine, *before)))


def lost(flow: FlowTables, publisher: str, aggregate: str, copies: Copies) -> ColumnElement[bool]:
    """Of a row of ``seen``: we were told of the thing, and do not have it."""
    seen, id_ = flow.seen.c, copies[publisher, aggregate]
    is_told = (seen.publisher == publisher) & (seen.aggregate == aggregate) & (seen.fact_version > 0)
    return is_told & ~select(id_).where(id_ == seen.aggregate_id).exists()


def is_held_up(session: Session, flow: FlowTables, stream: Stream) -> bool:
    """Whether something of that publisher and kind came in and is not handled: then there is nothing to compare."""
    inbox = flow.inbox.c
    mine = (inbox.publisher == stream.publisher, inbox.aggregate == stream.aggregate, inbox.state != "done")
    return session.scalar(select(inbox.id).where(*mine).limit(1)) is not None


def restored_at(session: Session, flow: FlowTables) -> datetime | None:
    """When our database was put back to an older state the last time (aware UTC), if it ever was."""
    setting = flow.setting.c
    moment = session.scalar(select(setting.value).where(setting.name == RESTORED_AT))
    return datetime.fromisoformat(moment) if moment else None


def _our_facts(session: Session, flow: FlowTables) -> Mapping[str, Digest]:
    outbox, found = flow.outbox.c, defaultdict[str, Digest](Digest)
    newest = (
        select(func.max(outbox.position)).where(outbox.type.in_(FACTS)).group_by(outbox.aggregate, outbox.aggregate_id)
    )
    rows = select(outbox.aggregate, outbox.aggregate_id, outbox.epoch, outbox.version).where(
        outbox.position.in_(newest)
    )
    for aggregate, *line in session.execute(rows.execution_options(yield_per=1000)):
        found[aggregate].add(*line)
    return found


def _over_ids(ids: Iterable[Any]) -> Digest:
    digest = Digest()
    for id_ in ids:
        digest.add(id_)
    return digest
