"""What is kept for a while is erased when that while is over: terms, that say of which columns, how long and how.

Each service has its terms; due work applies them daily, an operator by a command, and a dry run only counts.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from sqlalchemy import Column, ColumnElement, Table, delete, func, select, update
from sqlalchemy.orm import Session

from shared.db.audit import note
from shared.db.due import Work, plan, plan_first
from shared.db.transaction import Transaction
from shared.events import CONTRACTS
from shared.events.cleansing import without_person
from shared.periods import Periods

RETAIN: Final = "retain"
"""The due work that applies the terms of a service."""

ACT: Final = "retention.run"
"""What the audit log calls it."""

_DAILY = "daily"
_HOUR = 2  # UTC: at night, and after midnight in Amsterdam all year
_WINDOW = timedelta(days=10)
_AT_ONCE = 500

Past: TypeAlias = Callable[[Session, datetime], Iterable[ColumnElement[bool]]]
"""Which rows are past their term at a moment (aware UTC): conditions, each for a part of them."""

Eraser: TypeAlias = Callable[[Transaction, ColumnElement[bool]], int]
"""Erases what a condition chooses; gives how many rows that were."""


@dataclass(frozen=True, kw_only=True)
class Term:
    """How long ``columns`` (``table.column``) of ``table`` are kept, in the words of the data map, and what then.

    A service makes its terms for the periods of the installation (``terms`` in its ``actions/retain.py``).

    ``since``: the column that says how old a row is, if there is one.
    """

    columns: Sequence[str]
    keep: str
    table: Table
    past: Past
    erase: Eraser
    since: Column[Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Planned:
    """Columns that due work of a ``kind`` of its own erases, planned for each thing when it came."""

    columns: Sequence[str]
    kind: str


@dataclass(frozen=True)
class Found:
    """How much of a term is past it, or was erased; ``oldest``: since when the oldest was there, if known."""

    term: Term
    count: int
    oldest: datetime | None


def past_their_terms(session: Session, terms: Sequence[Term], now: datetime) -> list[Found]:
    """What would be erased at ``now`` (aware UTC): a dry run."""
    return [_found(session, term, now) for term in terms]


def apply_terms(tx: Transaction, terms: Sequence[Term], by: str) -> list[Found]:
    """Erase all that is past its term, and leave a report in the audit log. ``by``: ``system`` or ``operator``."""
    done = []
    for term in terms:
        found = _found(tx.session, term, tx.now)
        erased = sum(term.erase(tx, chosen) for chosen in list(term.past(tx.session, tx.now)))
        done.append(Found(term, erased, found.oldest if erased else None))
    note(tx, ACT, by=by, facts={name_of(found.term): found.count for found in done if found.count})
    return done


def name_of(term: Term) -> str:
    """What a report calls a term: its table, and its columns where others of that table have another term."""
    return f"{term.table.name} ({', '.join(column.partition('.')[2] for column in term.columns)})"


def retaining(terms: Sequence[Term]) -> Work:
    """The due work that applies ``terms`` and plans itself for the next night."""

    def retain(tx: Transaction, subject: str) -> None:
        plan(tx, RETAIN, subject, _next_night(tx.now))
        apply_terms(tx, terms, "system")

    return retain


def plan_retention(tx: Transaction) -> None:
    """At each start: let it be done from the next night on."""
    plan_first(tx, RETAIN, _DAILY, _next_night(tx.now))


def older_than(column: Column[Any], period: timedelta, *also: ColumnElement[bool]) -> Past:
    """The rows whose ``column`` lies longer back than ``period``, and that are ``also`` so."""

    def past(session: Session, now: datetime) -> Iterable[ColumnElement[bool]]:
        del session
        condition = column < now - period
        for each in also:
            condition &= each
        return [condition]

    return past


def in_parts(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    """``ids`` a few hundred at a time: no database takes any number of them in one statement."""
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))


def removed(table: Table) -> Eraser:
    """The rows go."""
    return lambda tx, chosen: _rows(tx.session.execute(delete(table).where(chosen)))


def emptied(table: Table, **values: Any) -> Eraser:
    """The rows stay, with these values in place of what was there."""
    return lambda tx, chosen: _rows(tx.session.execute(update(table).where(chosen).values(values)))


def terms_of_all(flow: Any, periods: Periods) -> Sequence[Term]:
    """The terms of what every service has: its journal and its audit log."""
    outbox, audit = flow.outbox, flow.audit
    journal, whys, names = (
        "90 days; the newest as long as what it tells of",
        "12 months",
        "two years after what was done last",
    )
    return (
        Term(
            columns=("outbox.payload",),
            keep=journal,
            table=outbox,
            since=outbox.c.occurred_at,
            past=_overtaken(outbox, periods.of(journal)),
            erase=_cleanse,
        ),
        Term(
            columns=("audit_why.why",),
            keep=whys,
            table=audit.why,
            past=_old_reasons(audit, periods.of(whys)),
            erase=removed(audit.why),
        ),
        Term(
            columns=("audit_name.name",),
            keep=names,
            table=audit.name,
            past=_idle(audit, periods.of(names)),
            erase=removed(audit.name),
        ),
    )


def cleanse_journal(tx: Transaction, chosen: ColumnElement[bool]) -> int:
    """Take the people out of what was told in the chosen events; gives in how many somebody was."""
    return _cleanse(tx, chosen)


def _found(session: Session, term: Term, now: datetime) -> Found:
    count, oldest = 0, None
    for chosen in term.past(session, now):
        since = func.min(term.since) if term.since is not None else func.min(None)
        row = session.execute(select(func.count(), since).select_from(term.table).where(chosen)).one()
        count += row[0]
        oldest = min((each for each in (oldest, row[1]) if each is not None), default=None)
    return Found(term, count, oldest)


def _next_night(now: datetime) -> datetime:
    tonight = now.replace(hour=_HOUR, minute=0, second=0, microsecond=0)
    return tonight if tonight > now else tonight + timedelta(days=1)


def _overtaken(outbox: Table, period: timedelta) -> Past:
    """What was told before, except the newest fact of each thing: who has lost its copy is told that again.

    Only of the last days before that moment: what is older was looked at when it was as old.
    """

    def past(session: Session, now: datetime) -> Iterable[ColumnElement[bool]]:
        del session
        end = now - period
        newer = outbox.alias()
        same = (newer.c.aggregate == outbox.c.aggregate, newer.c.aggregate_id == outbox.c.aggregate_id)
        is_newest = ~select(newer.c.position).where(*same, newer.c.version > outbox.c.version).exists()
        facts = [name for name, contract in CONTRACTS.items() if contract.carries_state]
        aged = outbox.c.occurred_at.between(end - _WINDOW, end) & (outbox.c.published_at.is_not(None))
        return [aged & ~(outbox.c.type.in_(facts) & is_newest)]

    return past


def _cleanse(tx: Transaction, chosen: ColumnElement[bool]) -> int:
    outbox = tx.flow.outbox
    rows = tx.session.execute(select(outbox.c.position, outbox.c.type, outbox.c.payload).where(chosen)).all()
    changed = 0
    for row in rows:
        nobody = without_person(CONTRACTS[row.type], row.payload)
        if nobody != row.payload:
            tx.session.execute(update(outbox).where(outbox.c.position == row.position).values(payload=nobody))
            changed += 1
    return changed


def _old_reasons(audit: Any, period: timedelta) -> Past:
    def past(session: Session, now: datetime) -> Iterable[ColumnElement[bool]]:
        del session
        old = select(audit.entry.c.id).where(audit.entry.c.at < now - period)
        return [audit.why.c.entry_id.in_(old)]

    return past


def _idle(audit: Any, period: timedelta) -> Past:
    """Those who once did something and have not for so long; who never did anything yet keeps the name."""

    def past(session: Session, now: datetime) -> Iterable[ColumnElement[bool]]:
        del session
        theirs = select(audit.entry.c.id).where(audit.entry.c.by == audit.name.c.id)
        return [theirs.exists() & ~theirs.where(audit.entry.c.at >= now - period).exists()]

    return past


def _rows(result: Any) -> int:
    return int(result.rowcount)
