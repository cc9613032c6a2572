"""Counters for the ``limits`` library in a service's own database."""

from datetime import timedelta

from limits.storage import Storage
from sqlalchemy import Table, case, delete, select

from shared.db.transaction import Transaction, insert_into

_SWEPT_AT_ONCE = 100


class Counters(Storage):
    """Fixed windows in ``table``, counted in ``tx``: a short transaction of its own, so that no rollback forgets them.

    Keys must be hit in one order always; then two transactions never wait for each other.
    """

    STORAGE_SCHEME = None
    base_exceptions = ()

    def __init__(self, tx: Transaction, table: Table) -> None:
        super().__init__()
        self._tx = tx
        self._table = table

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count ``amount`` for ``key`` in its window of ``expiry`` seconds; gives the sum so far."""
        table, now = self._table, self._tx.now
        statement = insert_into(self._tx.session, table).values(
            key=key, count=amount, expires_at=now + timedelta(seconds=expiry)
        )
        over = table.c.expires_at <= now
        count = self._tx.session.scalar(
            statement.on_conflict_do_update(
                index_elements=["key"],
                set_={
                    "count": case((over, statement.excluded.count), else_=table.c.count + statement.excluded.count),
                    "expires_at": case((over, statement.excluded.expires_at), else_=table.c.expires_at),
                },
            ).returning(table.c.count)
        )
        return int(count or 0)

    def get(self, key: str) -> int:
        """The count of ``key`` in its window; 0 if there is none."""
        table = self._table
        current = select(table.c.count).where(table.c.key == key, table.c.expires_at > self._tx.now)
        return int(self._tx.session.scalar(current) or 0)

    def get_expiry(self, key: str) -> float:
        """When the window of ``key`` ends, in seconds since 1970; now if there is none."""
        ends_at = self._tx.session.scalar(select(self._table.c.expires_at).where(self._table.c.key == key))
        return float(max(ends_at or self._tx.now, self._tx.now).timestamp())

    def check(self) -> bool:
        """The transaction is open, so the database answers."""
        return True

    def reset(self) -> int:
        """Forget all counts; gives how many."""
        forgotten = self._tx.session.execute(delete(self._table).returning(self._table.c.key))
        return len(forgotten.all())

    def clear(self, key: str) -> None:
        """Forget the count of ``key``."""
        self._tx.session.execute(delete(self._table).where(self._table.c.key == key))

    def sweep(self) -> None:
        """Throw away some windows that are over, without waiting for anyone who holds one. The last thing to do."""
        over = (
            select(self._table.c.key)
            .where(self._table.c.expires_at <= self._tx.now)
            .limit(_SWEPT_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        self._tx.session.execute(delete(self._table).where(self._table.c.key.in_(over)))
