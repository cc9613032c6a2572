"""Send what is queued: one mail after the other, claimed with a lease, the database closed while the network talks.

Writing what became of a mail and claiming the next one are one transaction: each takes as long as writing a mail.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

import structlog
from sqlalchemy import Row, bindparam, update
from sqlalchemy.exc import IntegrityError

from services.notifications import tables
from services.notifications.actions.mark_address import mark_refused
from services.notifications.actions.restore_address import note_taken
from services.notifications.post.breaker import Breaker
from services.notifications.post.claims import keep, lock, ready, sent, still_ours
from services.notifications.post.compose import Composed, Composer
from services.notifications.post.outlet import AwayError, Envelope, NobodyThereError, NotNowError, Outlet, RefusedError
from services.notifications.post.pace import Pace
from services.notifications.rules.retry import is_enough, retry_at
from shared.correlation import correlated
from shared.db.transaction import Database, Transaction
from shared.events.notifications import InvitationSent
from shared.faults import whereabouts
from shared.tracing.spans import delivering

_BATCH = 100
_LONGEST_TURN = 5.0  # seconds: a worker that does not come back is taken for hung

_TOLD = update(tables.invitation).where(tables.invitation.c.id == bindparam("invitation"))

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Claimed:
    """A mail that is ours to send; ``attempt`` tells our claim from that of a sender after us."""

    id: str
    attempt: int
    correlation_id: str
    message_id: str
    envelope: Envelope
    source: bytes


@dataclass(frozen=True)
class _Tried:
    """A mail that we had a try at; ``error`` says why it was not taken, None that it was."""

    mail: _Claimed
    error: RefusedError | NotNowError | None = None

    @property
    def is_away(self) -> bool:
        """Whether the mail server was not there at all, so that no other mail would fare better."""
        return isinstance(self.error, AwayError)


class Sender:
    """The part of a worker that sends mail. Several of them may run.

    ``chance`` gives numbers from 0 to 1 to spread retries; ``after_delivery`` is called between the hand-over and our
    mark: a process that dies there delivers the same bytes under the same Message-ID again, and never not at all.
    """

    name = "post"

    def __init__(  # noqa: PLR0913  # each is a part that a test may give otherwise
        self,
        database: Database,
        composer: Composer,
        outlet: Outlet,
        pace: Pace,
        *,
        chance: Callable[[], float] = random.random,
        after_delivery: Callable[[], None] = lambda: None,
    ) -> None:
        self.database = database
        self.composer = composer
        self.outlet = outlet
        self.pace = pace
        self.breaker = Breaker(database, outlet, chance)
        self.chance = chance
        self.after_delivery = after_delivery

    def pulse(self) -> int:
        """Try the mails that may go now, for a few seconds; gives how many were tried."""
        if not self.breaker.lets_through():
            return 0
        try:
            return self._send(self._ready(), monotonic() + _LONGEST_TURN)
        finally:
            self.outlet.rest()

    def _ready(self) -> Sequence[str]:
        with self.database.reading() as session:
            return ready(session, self.database.clock(), _BATCH)

    def _send(self, mail_ids: Sequence[str], until: float) -> int:
        """Try these mails while there is time and a server; gives how many were tried."""
        count, last = 0, None
        for mail_id in mail_ids:
            claimed = self._next(last, mail_id)
            last = self._try(claimed) if claimed else None
            count += 1 if last else 0
            if monotonic() > until or (last and last.is_away):
                break
        if last:
            self._turn(last, None)
        return count

    def _next(self, last: _Tried | None, mail_id: str) -> _Claimed | None:
        """Write what became of the last mail, and make the next one ours; None where it must not go, now or ever."""
        try:
            return self._turn(last, mail_id)
        except Exception as error:
            self._turn(last, None)  # whatever is wrong with the next one, the last was handed over
            if isinstance(error, IntegrityError):  # another sender took the lane that we saw free
                return None
            raise

    def _turn(self, last: _Tried | None, mail_id: str | None) -> _Claimed | None:
        """The transaction from one mail to the next, or after the last one."""
        with self.database.begin() as tx:
            if last:
                with correlated(last.mail.correlation_id):
                    self._mark(tx, last)
            claimed = self._claim(tx, mail_id) if mail_id else None
        if last and not last.is_away:
            self.breaker.note_there()
        return claimed

    def _try(self, claimed: _Claimed) -> _Tried:
        """Hand a mail over."""
        with correlated(claimed.correlation_id):
            try:
                with delivering("notifications", claimed.id, claimed.attempt):
                    self.outlet.deliver(claimed.envelope, claimed.message_id, claimed.source)
            except (RefusedError, NotNowError) as error:
                if isinstance(error, AwayError):
                    self.breaker.note_away(error)
                return _Tried(claimed, error)
            self.after_delivery()
            _log.info("mail handed over", service="notifications", mail=claimed.id, attempt=claimed.attempt)
            return _Tried(claimed)

    def _claim(self, tx: Transaction, mail_id: str) -> _Claimed | None:
        """The mail, written, counted and leased; None where it must not go, now or ever."""
        row = lock(tx, mail_id)
        if row is None or row.is_blocked or row.free_lane is None:
            return None
        if row.is_overtaken:
            keep(tx, row.id, status="replaced", leased_until=None)
            return None
        deferred_to = None if row.attempts else self.pace.deferred_to(tx, row)
        if deferred_to:
            keep(tx, row.id, next_attempt_at=deferred_to)
            return None
        composed = self._written(tx, row)
        if composed is None:
            return None
        until, attempt = tx.now + self.outlet.longest, row.attempts + 1
        written = {"subject": composed.subject, "source": composed.source}
        keep(tx, row.id, status="sending", lane=row.free_lane, attempts=attempt, leased_until=until, **written)
        envelope = Envelope(composed.envelope_sender, composed.recipient)
        return _Claimed(row.id, attempt, row.correlation_id, row.message_id, envelope, composed.source)

    def _written(self, tx: Transaction, row: Row[Any]) -> Composed | None:
        """The mail in its bytes: written at the first attempt, kept for the next. None where it cannot be written.

        A value that cannot stand in a mail never will. Else it is tried again as long as one that the server does not
        take: what it tells of may be lost and told again.
        """
        if row.source is not None:
            return self.composer.again(row)
        try:
            composed = self.composer.compose(tx.session, row)
        except Exception as broken:  # noqa: BLE001  # one mail that cannot be written must not hold up the rest
            where = whereabouts(broken)
            _log.error("a mail could not be written", mail=row.id, kind=row.kind, error=where)
            error = f"could not be written: {where}"
            if isinstance(broken, ValueError) or is_enough(row.queued_at, tx.now):
                keep(tx, row.id, status="failed", error=error)
            else:
                self._put_off(tx, row, row.attempts + 1, error)
            return None
        if row.invitation_id:
            _remember_told(tx, row)
        return composed

    def _mark(self, tx: Transaction, tried: _Tried) -> None:
        """Write what became of a mail, unless its lease ran out and another sender took it over."""
        if tried.error:
            self._mark_not_taken(tx, tried.mail, tried.error)
        else:
            _mark_sent(tx, tried.mail)

    def _mark_not_taken(self, tx: Transaction, claimed: _Claimed, error: RefusedError | NotNowError) -> None:
        """Wait for another attempt, or give up: where the server was there, and does not want it or waited too long."""
        row = still_ours(tx, claimed.id, claimed.attempt)
        if row is None:
            return
        _log.warning("a mail was not taken", mail=row.id, error=str(error))
        if isinstance(error, RefusedError) or (not isinstance(error, AwayError) and is_enough(row.queued_at, tx.now)):
            keep(tx, row.id, status="failed", leased_until=None, error=str(error))
        else:
            self._put_off(tx, row, row.attempts, str(error))
        if isinstance(error, NobodyThereError):
            mark_refused(tx, row.recipient, str(error))

    def _put_off(self, tx: Transaction, row: Row[Any], attempts: int, error: str) -> None:
        """Wait for the next attempt, after so many."""
        again_at = retry_at(attempts, tx.now, self.chance())
        keep(tx, row.id, status="waiting", attempts=attempts, next_attempt_at=again_at, leased_until=None, error=error)


def _mark_sent(tx: Transaction, claimed: _Claimed) -> None:
    row = sent(tx, claimed.id, claimed.attempt)
    if row is None:
        return
    note_taken(tx, row.recipient)
    if row.method in ("REQUEST", "CANCEL"):
        tx.publish(
            InvitationSent(
                invitation_id=row.invitation_id,
                registration_id=row.registration_id,
                sequence=row.sequence,
                method=row.method,
                sent_at=tx.now,
            )
        )


def _remember_told(tx: Transaction, row: Row[Any]) -> None:
    """From here on the calendar may hold it: what comes next is compared with this."""
    told: dict[str, Any] = {"told_at": row.queued_at}
    if row.method != "DECLINECOUNTER":
        told |= {"told_method": row.method, "told_sequence": row.sequence, "told_holding": row.holding}
    if row.asks_anew:
        told["asked_anew"] = row.sequence
    tx.session.execute(_TOLD, {"invitation": row.invitation_id, **told})
