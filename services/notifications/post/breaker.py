"""Whether the mail server is there. All workers know it, so that none tries mail after mail with one that is away."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from sqlalchemy import select, update

from services.notifications import tables
from services.notifications.post.outlet import AwayError, Outlet
from services.notifications.rules.retry import ENOUGH_FAILURES, probe_at
from shared.db.transaction import Database

_THE_ONE = "out"
_log = structlog.get_logger(__name__)


@dataclass
class Breaker:
    """Lets mail through until ``outlet`` was away a few times in a row, then only once a probe has found it back.

    Nobody has to do anything about it. ``chance`` gives numbers from 0 to 1 to spread the probes of several workers.
    """

    database: Database
    outlet: Outlet
    chance: Callable[[], float] = random.random
    _failures: int = field(default=0, repr=False)

    def lets_through(self) -> bool:
        """Whether mail may be tried now; where it is time for that, the server is asked first."""
        server = tables.mail_server
        with self.database.reading() as session:
            row = session.execute(select(server).where(server.c.name == _THE_ONE)).one_or_none()
        self._failures = row.failures if row else 0
        if row is None or row.failures < ENOUGH_FAILURES:
            return True
        return row.probe_at <= self.database.clock() and self._may_probe() and self._is_back()

    def note_away(self, error: AwayError) -> None:
        """No mail at all was taken."""
        server = tables.mail_server
        with self.database.begin() as tx:
            fresh = {"name": _THE_ONE, "failures": 0, "probe_at": tx.now}
            tx.upsert(server, [fresh], changes=[])
            row = tx.session.execute(select(server).where(server.c.name == _THE_ONE).with_for_update()).one()
            self._failures = row.failures + 1
            away = {
                "failures": self._failures,
                "away_since": row.away_since or tx.now,
                "probe_at": probe_at(self._failures, tx.now, self.chance()),
                "error": str(error),
            }
            tx.session.execute(update(server).where(server.c.name == _THE_ONE).values(away))
        _log.warning("no mail is taken", error=str(error), failures=self._failures)

    def note_there(self) -> None:
        """The server spoke with us about a mail."""
        if self._failures:
            self._write(0, away_since=None, error=None)

    def _may_probe(self) -> bool:
        """One worker asks; the others wait for what it finds."""
        server, now = tables.mail_server, self.database.clock()
        turn = update(server).where(server.c.name == _THE_ONE, server.c.probe_at <= now)
        with self.database.begin() as tx:
            mine = turn.values(probe_at=now + self.outlet.longest).returning(server.c.name)
            return tx.session.scalar(mine) is not None

    def _is_back(self) -> bool:
        try:
            self.outlet.probe()
        except AwayError as error:
            self.note_away(error)
            return False
        self._write(ENOUGH_FAILURES - 1)  # the first mail that fails is enough to know better
        return True

    def _write(self, failures: int, **values: object) -> None:
        server = tables.mail_server
        with self.database.begin() as tx:
            tx.session.execute(update(server).where(server.c.name == _THE_ONE).values(failures=failures, **values))
        self._failures = failures
