"""Send what is queued: claimed with a lease, one transaction per mail, the database closed while the network talks."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Row, and_, or_, select, update

from services.notifications import tables
from services.notifications.actions.mark_address import mark_refused
from services.notifications.actions.restore_address import note_taken
from services.notifications.post.compose import Composed, Composer
from services.notifications.post.outlet import Envelope, NobodyThereError, NotNowError, Outlet, RefusedError
from services.notifications.rules.retry import retry_at
from shared.correlation import correlated
from shared.db.transaction import Database, Transaction
from shared.events.notifications import InvitationSent
from shared.faults import whereabouts

_BATCH = 100
_LONGEST_TURN = 5.0  # seconds: a worker that does not come back is taken for hung

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


class Sender:
    """The part of a worker that sends mail. Two of them may run.

    ``chance`` gives numbers from 0 to 1 to spread retries; ``after_delivery`` is called between the hand-over and our
    mark: a process that dies there delivers the same bytes under the same Message-ID again, and never not at all.
    """

    name = "post"

    def __init__(
        self,
        database: Database,
        composer: Composer,
        outlet: Outlet,
        *,
        chance: Callable[[], float] = random.random,
        after_delivery: Callable[[], None] = lambda: None,
    ) -> None:
        self.database = database
        self.composer = composer
        self.outlet = outlet
        self.chance = chance
        self.after_delivery = after_delivery

    def pulse(self) -> int:
        """Try the mails that may go now, for a few seconds; gives how many were tried."""
        began, tried = monotonic(), 0
        try:
            for mail_id in self._ready():
                tried += self._send(mail_id)
                if monotonic() - began > _LONGEST_TURN:
                    break
        finally:
            self.outlet.rest()
        return tried

    def _ready(self) -> list[str]:
        mail = tables.outgoing_mail
        with self.database.reading() as session:
            ready = select(mail.c.id).where(_may_go(self.database.clock())).order_by(mail.c.id).limit(_BATCH)
            return list(session.scalars(ready))

    def _send(self, mail_id: str) -> bool:
        claimed = self._claim(mail_id)
        if claimed is None:
            return False
        with correlated(claimed.correlation_id):
            try:
                self.outlet.deliver(claimed.envelope, claimed.message_id, claimed.source)
            except (RefusedError, NotNowError) as error:
                self._mark_refused(claimed, error)
            else:
                self.after_delivery()
                self._mark_sent(claimed)
        return True

    def _claim(self, mail_id: str) -> _Claimed | None:
        """Make a mail ours: written, counted and leased; None where it must not go, now or ever."""
        with self.database.begin() as tx:
            row = _lock(tx, mail_id)
            if row is None or _is_one_in_flight(tx, row):
                return None
            if _is_overtaken(tx, row):
                _set(tx, row.id, status="replaced", leased_until=None)
                return None
            composed = self._written(tx, row)
            if composed is None:
                return None
            until = tx.now + self.outlet.longest
            _set(tx, row.id, status="sending", attempts=row.attempts + 1, leased_until=until)
            envelope = Envelope(composed.envelope_sender, composed.recipient)
            return _Claimed(row.id, row.attempts + 1, row.correlation_id, row.message_id, envelope, composed.source)

    def _written(self, tx: Transaction, row: Row[Any]) -> Composed | None:
        """The mail in its bytes: written at the first attempt, kept for the next. None where it cannot be written."""
        if row.source is not None:
            return self.composer.again(row)
        try:
            composed = self.composer.compose(tx.session, row)
        except Exception as error:  # noqa: BLE001  # one mail that cannot be written must not hold up the rest
            where = whereabouts(error)
            _log.error("a mail could not be written", mail=row.id, kind=row.kind, error=where)
            _set(tx, row.id, status="failed", error=f"could not be written: {where}")
            return None
        _set(tx, row.id, subject=composed.subject, source=composed.source)
        if row.invitation_id:
            _remember_told(tx, row)
        return composed

    def _mark_sent(self, claimed: _Claimed) -> None:
        with self.database.begin() as tx:
            row = _still_ours(tx, claimed)
            if row is None:
                return
            _set(tx, row.id, status="sent", sent_at=tx.now, leased_until=None, error=None)
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

    def _mark_refused(self, claimed: _Claimed, error: RefusedError | NotNowError) -> None:
        """Wait for another attempt, or give up."""
        with self.database.begin() as tx:
            row = _still_ours(tx, claimed)
            if row is None:
                return
            again_at = None
            if isinstance(error, NotNowError):
                again_at = retry_at(row.queued_at, row.attempts, tx.now, self.chance())
            _log.warning("a mail was not taken", mail=row.id, error=str(error), again_at=again_at)
            if again_at:
                _set(tx, row.id, status="waiting", next_attempt_at=again_at, leased_until=None, error=str(error))
            else:
                _set(tx, row.id, status="failed", leased_until=None, error=str(error))
            if isinstance(error, NobodyThereError):
                mark_refused(tx, row.recipient, str(error))


def _may_go(now: datetime) -> ColumnElement[bool]:
    """Waiting and due, or left behind by a sender that died."""
    mail = tables.outgoing_mail
    return or_(
        and_(mail.c.status == "waiting", mail.c.next_attempt_at <= now),
        and_(mail.c.status == "sending", mail.c.leased_until < now),
    )


def _lock(tx: Transaction, mail_id: str) -> Row[Any] | None:
    """The mail with its invitation, locked (the invitation first, as whoever aligns it does), if it may still go."""
    mail, invitation = tables.outgoing_mail, tables.invitation
    of_it = select(mail.c.invitation_id).where(mail.c.id == mail_id).scalar_subquery()
    tx.session.execute(select(invitation.c.id).where(invitation.c.id == of_it).with_for_update())
    mine = select(mail).where(mail.c.id == mail_id, _may_go(tx.now)).with_for_update()
    return tx.session.execute(mine).one_or_none()


def _is_one_in_flight(tx: Transaction, row: Row[Any]) -> bool:
    """Whether another mail of this invitation is with the mail server right now (rule 9)."""
    mail = tables.outgoing_mail
    return row.invitation_id is not None and bool(
        tx.session.scalar(
            select(mail.c.id).where(
                mail.c.invitation_id == row.invitation_id,
                mail.c.id != row.id,
                mail.c.status == "sending",
                mail.c.leased_until >= tx.now,
            )
        )
    )


def _is_overtaken(tx: Transaction, row: Row[Any]) -> bool:
    """Whether a newer state of this calendar is queued or was sent: then this one would be a ghost (rule 9)."""
    mail = tables.outgoing_mail
    return row.invitation_id is not None and bool(
        tx.session.scalar(
            select(mail.c.id).where(mail.c.invitation_id == row.invitation_id, mail.c.sequence > row.sequence).limit(1)
        )
    )


def _remember_told(tx: Transaction, row: Row[Any]) -> None:
    """From here on the calendar may hold it: what comes next is compared with this."""
    invitation = tables.invitation
    told: dict[str, Any] = {"told_at": row.queued_at}
    if row.method != "DECLINECOUNTER":
        told |= {"told_method": row.method, "told_sequence": row.sequence, "told_holding": row.holding}
    if row.asks_anew:
        told["asked_anew"] = row.sequence
    mine = invitation.c.id == row.invitation_id
    tx.session.execute(update(invitation).where(mine).values(told))


def _still_ours(tx: Transaction, claimed: _Claimed) -> Row[Any] | None:
    """The mail, unless its lease ran out and another sender took it over."""
    mail = tables.outgoing_mail
    return tx.session.execute(
        select(mail)
        .where(mail.c.id == claimed.id, mail.c.status == "sending", mail.c.attempts == claimed.attempt)
        .with_for_update()
    ).one_or_none()


def _set(tx: Transaction, mail_id: str, **values: Any) -> None:
    tx.session.execute(update(tables.outgoing_mail).where(tables.outgoing_mail.c.id == mail_id).values(values))
