"""What this service gave up and RabbitMQ keeps: who was erased is taken out of it too.

A letter dies when nobody could even store it, so nothing here knew it, and it may die long after the erasure. So we
look again and again, and at what lies there only when that, or the ledger, is another than at the last look.
``memory://`` keeps nothing that was given up.
"""

from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from shared.bus.broker import Broker, BrokerAwayError
from shared.bus.erasing import names_erased
from shared.db.ledger import Ledger
from shared.db.transaction import Database
from shared.events.envelope import UnreadableEventError, unseal

EVERY = timedelta(seconds=20)
"""Between two looks: an erasure has a minute."""

_log = structlog.get_logger(__name__)


class DeadLetters:
    """The dead letters of one service, with the ledger of whom it erased."""

    def __init__(self, database: Database, broker: Broker, ledger: Ledger) -> None:
        self.database = database
        self.broker = broker
        self.ledger = ledger
        self._looked_at: datetime | None = None
        self._known: object = None

    def look(self) -> int:
        """Throw away what names somebody and is older than their erasure, if it is time to look; gives how many.

        A broker that is away, or has no such queue for us yet, is asked again at the next look.
        """
        now = self.database.clock()
        if self.broker.is_memory or (self._looked_at and self._looked_at <= now < self._looked_at + EVERY):
            return 0
        self._looked_at = now
        try:
            return self._take_out()
        except BrokerAwayError as error:
            _log.warning("the dead letters cannot be looked at", error=str(error))
            return 0

    def _take_out(self) -> int:
        count = self.broker.count_dead_letters()
        with self.database.reading() as session:
            newest = self.ledger.newest(session)
            if not count or newest is None or (count, newest) == self._known:
                return 0
            gone = self.broker.drop_dead_letters(lambda body, died_at: self._is_to_go(session, body, died_at))
        self._known = (count - gone, newest)
        if gone:
            _log.info("who was erased is taken out of the dead letters", count=gone)
        return gone

    def _is_to_go(self, session: Session, body: bytes, died_at: datetime | None) -> bool:
        """Of what is an event its own moment counts: it may have died long after."""
        try:
            written_at: datetime | None = unseal(body).occurred_at
        except UnreadableEventError:
            written_at = died_at
        return names_erased(self.ledger, session, body.decode(errors="replace"), written_at)
