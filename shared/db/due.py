"""What is to be done when: one table per service, claimed in a transaction of its own and done in the same.

A kind and a subject name the work (``settle``, a meeting's id); planning it again moves it. Work that fails is tried
again later, with growing pauses, and holds up nothing else. Always due is to seal the new entries of the audit log.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, select, update

from shared.correlation import correlated
from shared.db.audit_chain import seal_all
from shared.db.transaction import Database, Transaction
from shared.faults import whereabouts
from shared.tracing.spans import at_door

Work = Callable[[Transaction, str], None]
"""Does what is due for one subject: ``work(tx, subject)``."""

_log = structlog.get_logger(__name__)


def plan(tx: Transaction, kind: str, subject: str, at: datetime) -> None:
    """Let ``kind`` be done for ``subject`` at ``at`` (aware UTC), instead of whenever it was planned before."""
    tx.upsert(tx.flow.due, [{"kind": kind, "subject": subject, "at": at, "attempts": 0}])


def plan_first(tx: Transaction, kind: str, subject: str, at: datetime) -> None:
    """Let ``kind`` be done for ``subject`` at ``at`` (aware UTC), unless it is planned already."""
    tx.upsert(tx.flow.due, [{"kind": kind, "subject": subject, "at": at, "attempts": 0}], changes=[])


def plan_no_more(tx: Transaction, kind: str, subject: str) -> None:
    """Forget ``kind`` for ``subject``."""
    due = tx.flow.due
    tx.session.execute(delete(due).where(due.c.kind == kind, due.c.subject == subject))


@dataclass(frozen=True)
class Due:
    """The part of a worker that does what is due; ``service_name`` is whose spans these are, where they are made."""

    database: Database
    work: Mapping[str, Work]
    name: str = "due"
    service_name: str = "kring"

    def pulse(self) -> int:
        """Do all that is due now, one transaction each; gives how many were done or tried."""
        done = 0
        while self._one():
            done += 1
        return done + seal_all(self.database)

    def _one(self) -> bool:
        due = self.database.flow.due
        with self.database.begin() as tx, correlated():
            row = tx.session.execute(
                select(due)
                .where(due.c.at <= tx.now, due.c.kind.in_(list(self.work)))
                .order_by(due.c.at)
                .limit(1)
                .with_for_update(skip_locked=True)
            ).one_or_none()
            if row is None:
                return False
            mine = (due.c.kind == row.kind, due.c.subject == row.subject)
            try:
                with tx.attempt(), at_door(self.service_name, f"due {row.kind}"):
                    tx.session.execute(delete(due).where(*mine))
                    self.work[row.kind](tx, row.subject)
            except Exception as error:  # noqa: BLE001  # one failing piece of work must not hold up the rest
                _log.error("due work failed", kind=row.kind, subject=row.subject, error=whereabouts(error))
                pause = timedelta(seconds=min(5 * 2**row.attempts, 3600))
                tx.session.execute(update(due).where(*mine).values(at=tx.now + pause, attempts=row.attempts + 1))
            return True
