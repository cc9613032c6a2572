"""The ledger of erasures: who asked to be erased, by a keyed hash, and what is theirs.

Every service keeps its own, for ever, and holds it against whatever it is told or was put back from a backup.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Column, Row, Table, bindparam, func, select, update
from sqlalchemy.orm import Session

from shared.db.transaction import Transaction
from shared.people.pseudonyms import Pseudonyms, folded

_COMPANION = re.compile(r"#\d+$")


@dataclass(frozen=True)
class Erased:
    """Somebody whose data of up to ``since`` (aware UTC) goes. ``email`` is empty where only the hash is known.

    ``things`` are ids by kind of aggregate of what is theirs: all that was told of those goes.
    """

    person: str
    since: datetime
    pseudonyms: Pseudonyms
    email: str = ""
    things: Mapping[str, Collection[str]] = field(default_factory=dict)

    def is_theirs(self, address: str) -> bool:
        """Whether this is the person's address, that of who shares the mailbox (``…#2``), or the person's hash."""
        if "@" not in address:
            return address == self.person or (bool(self.email) and address in self.pseudonyms.all_of(self.email))
        mailbox = _COMPANION.sub("", address)
        if self.email:
            return folded(mailbox) == folded(self.email)
        return self.person in self.pseudonyms.all_of(mailbox)

    def is_named_in(self, value: Any) -> bool:
        """Whether an address of the person stands anywhere in a JSON value."""
        match value:
            case dict():
                return any(self.is_named_in(inner) for inner in value.values())
            case list():
                return any(self.is_named_in(inner) for inner in value)
            case str():
                return self.is_theirs(value)
        return False

    def within(self, session: Session, column: Column[Any]) -> list[str]:
        """Which of the addresses in ``column`` are the person's, as they are written there."""
        addresses = session.scalars(select(column).where(column.is_not(None)).distinct())
        return [address for address in addresses if self.is_theirs(address)]


Eraser = Callable[[Transaction, Erased], int]
"""Takes a person out of one table; gives how many rows that were."""


@dataclass(frozen=True)
class Ledger:
    """The ledger of one service."""

    table: Table
    pseudonyms: Pseudonyms

    def write(self, tx: Transaction, person: str, since: datetime) -> bool:
        """Write down that ``person`` is to be erased; False where it was written already and is done."""
        known = tx.session.execute(select(self.table).where(self.table.c.person == person)).one_or_none()
        if known and known.requested_at >= since:
            return known.done_at is None
        tx.upsert(self.table, [{"person": person, "requested_at": since, "done_at": None}])
        return True

    def tick_off(self, tx: Transaction, person: str) -> None:
        """Write down that it is done."""
        mine = self.table.c.person == person
        tx.session.execute(update(self.table).where(mine).values(done_at=tx.now))

    def entry(self, session: Session, person: str) -> Row[tuple[str, datetime, datetime | None]] | None:
        """The line about ``person``."""
        return session.execute(select(self.table).where(self.table.c.person == person)).one_or_none()

    def entries(self, session: Session) -> Sequence[Row[tuple[str, datetime, datetime | None]]]:
        """All lines, the oldest first."""
        return session.execute(select(self.table).order_by(self.table.c.requested_at)).all()

    def newest(self, session: Session) -> tuple[int, datetime] | None:
        """How many erasures are done, and when the last was (aware UTC); None where none is."""
        done_at = self.table.c.done_at
        count, last = session.execute(select(func.count(done_at), func.max(done_at))).one()
        return (count, last) if last else None

    def erased_since(self, session: Session, address: str) -> datetime | None:
        """What of this address, or keyed hash, is older than that was erased; None where nothing was."""
        names = self.pseudonyms.all_of(_COMPANION.sub("", address)) if "@" in address else (address,)
        since: datetime | None = session.scalar(_erased(self.table), {"names": names})
        return since


@cache  # each event that names somebody asks it: making the statement takes longer than running it
def _erased(table: Table) -> Any:
    theirs = table.c.person.in_(bindparam("names", expanding=True))
    return select(table.c.requested_at).where(theirs, table.c.done_at.is_not(None))
