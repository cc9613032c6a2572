"""The chain over the audit log: entries are sealed one after the other, and whatever was done to them since is found.

A seal has a running number and the hash (SHA-256) of the seal before and the entry's canonical bytes. The newest number
and hash also stand in the settings of the database and in the service's own log, so that an end cut off is seen too.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import structlog
from sqlalchemy import Row, delete, func, select
from sqlalchemy.orm import Session

from shared.db.audit import hash_of_why
from shared.db.base import FlowTables
from shared.db.transaction import Database, Transaction

_HEAD = "audit-head"
_START = "0" * 64
_AT_ONCE = 500
_MOST_BREAKS = 20

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Head:
    """The newest seal: how many there are, and the hash over all of them."""

    number: int = 0
    hash: str = _START

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


def read_head(text: str) -> Head:
    """A head as it was printed. Raises ``ValueError``."""
    number, _, digest = text.strip().partition(":")
    if not number.isdecimal() or len(digest) != len(_START):
        raise ValueError(f"{text!r} is no number and hash, as `audit head` prints them")
    return Head(int(number), digest)


@dataclass(frozen=True)
class Verdict:
    """What was found: how many ``entries`` are sealed and how many are still to be, how many reasons were erased.

    ``breaks`` say where the chain does not hold, at most the first twenty; none: it is whole.
    """

    entries: int
    unsealed: int
    erased: int
    breaks: tuple[str, ...]


def seal_all(database: Database) -> int:
    """Take all new entries into the chain; gives how many."""
    sealed = 0
    while count := _some(database):
        sealed += count
    return sealed


def _some(database: Database) -> int:
    with database.reading() as session:
        if session.scalar(select(database.flow.audit.unsealed.c.entry_id).limit(1)) is None:
            return 0
    with database.begin() as tx:
        count, head = _seal(tx)
    if count:
        _log.info("audit log sealed", number=head.number, hash=head.hash)
    return count


def newest(session: Session, flow: FlowTables) -> Head:
    """The newest seal, as it was noted beside the chain."""
    kept = session.scalar(select(flow.setting.c.value).where(flow.setting.c.name == _HEAD))
    return read_head(kept) if kept else Head()


def _seal(tx: Transaction) -> tuple[int, Head]:
    """Seal the oldest entries that are not; gives how many, and the newest seal.

    Who seals at the same moment waits for the rows of the other; should both give one number, the table refuses it.
    """
    entry, unsealed, seal = tx.flow.audit.entry, tx.flow.audit.unsealed, tx.flow.audit.seal
    oldest = select(entry).join(unsealed, unsealed.c.entry_id == entry.c.id).order_by(entry.c.id).limit(_AT_ONCE)
    rows = tx.session.execute(oldest.with_for_update(of=unsealed)).all()
    head, seals = newest(tx.session, tx.flow), []
    for row in rows:
        head = Head(head.number + 1, _link(head.hash, row))
        seals.append({"number": head.number, "entry_id": row.id, "hash": head.hash})
    if seals:
        tx.session.execute(seal.insert(), seals)
        tx.session.execute(delete(unsealed).where(unsealed.c.entry_id.in_([row.id for row in rows])))
        tx.upsert(tx.flow.setting, [{"name": _HEAD, "value": str(head)}])
    return len(rows), head


def _link(before: str, row: Row[Any]) -> str:
    """The hash over the seal before and the entry's canonical bytes: JSON, names sorted, no blanks, UTF-8."""
    content = {
        "id": row.id,
        "at": row.at.isoformat(timespec="microseconds"),
        "act": row.act,
        "by": row.by,
        "thing": row.thing,
        "meeting_id": row.meeting_id,
        "facts": row.facts,
        "why_hash": row.why_hash,
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(before.encode() + canonical.encode()).hexdigest()


def verify(session: Session, flow: FlowTables, kept: Head | None = None) -> Verdict:
    """Whether every entry is as it was sealed, in its place, and none is gone.

    ``kept`` is a head that was printed earlier and kept elsewhere: what an intruder can't reach.
    """
    breaks = [*_broken_links(session, flow, kept), *_loose_ends(session, flow), *_changed_reasons(session, flow)]
    audit = flow.audit
    reasons = select(func.count()).select_from(audit.entry).where(audit.entry.c.why_hash.is_not(None))
    return Verdict(
        entries=_count(session, select(func.count()).select_from(audit.seal)),
        unsealed=_count(session, select(func.count()).select_from(audit.unsealed)),
        erased=_count(session, reasons) - _count(session, select(func.count()).select_from(audit.why)),
        breaks=tuple(breaks[:_MOST_BREAKS]),
    )


def _broken_links(session: Session, flow: FlowTables, kept: Head | None) -> Iterator[str]:
    entry, seal = flow.audit.entry, flow.audit.seal
    chain = select(seal.c.number, seal.c.hash, entry).outerjoin(entry, entry.c.id == seal.c.entry_id)
    at, heads = Head(), [head for head in (newest(session, flow), kept) if head is not None and head.number]
    for row in session.execute(chain.order_by(seal.c.number).execution_options(yield_per=_AT_ONCE)):
        if row.number != at.number + 1:
            yield f"seal {at.number + 1} is missing: removed"
        elif row.id is None:
            yield f"entry {row.number} is missing: removed"
        elif _link(at.hash, row) != row.hash:
            yield f"entry {row.number} is not what was sealed: changed or moved"
        at = Head(row.number, row.hash)
        if any(head.number == at.number and head.hash != at.hash for head in heads):
            yield f"seal {at.number} is not the one that was noted: the log was written anew"
    for head in heads:
        if head.number > at.number:
            yield f"the log ends at {at.number} and had {head.number} entries: cut off"


def _loose_ends(session: Session, flow: FlowTables) -> Iterator[str]:
    """Entries that no seal knows and none is going to: their seals were taken away, or they were slipped in."""
    entry, unsealed, seal = flow.audit.entry, flow.audit.unsealed, flow.audit.seal
    waits = select(unsealed.c.entry_id).where(unsealed.c.entry_id == entry.c.id).exists()
    sealed = select(seal.c.entry_id).where(seal.c.entry_id == entry.c.id).exists()
    for row in session.execute(select(entry.c.id).where(~waits, ~sealed).order_by(entry.c.id).limit(_MOST_BREAKS)):
        yield f"entry {row.id} has no seal: removed from the chain, or slipped in"


def _changed_reasons(session: Session, flow: FlowTables) -> Iterator[str]:
    entry, why = flow.audit.entry, flow.audit.why
    kept = select(entry.c.id, entry.c.why_hash, why.c.salt, why.c.why).join(why, why.c.entry_id == entry.c.id)
    for row in session.execute(kept.order_by(entry.c.id).execution_options(yield_per=_AT_ONCE)):
        if hash_of_why(row.salt, row.why) != row.why_hash:
            yield f"the reason of entry {row.id} is not what was sealed: changed"


def _count(session: Session, statement: Any) -> int:
    return int(session.scalar(statement) or 0)
