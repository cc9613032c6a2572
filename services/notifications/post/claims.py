"""Which mail may go now, and whose it is while it goes: several senders may look at the same moment."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, case, exists, false, func, or_, select, update
from sqlalchemy.orm import Session

from services.notifications import tables
from services.notifications.queries.mails import mails_with_what_they_are_about
from services.notifications.rules.retry import AT_ONCE
from services.notifications.tables import SENDING, WAITING
from shared.db.base import Instant
from shared.db.transaction import Transaction

_mail, _other, _invitation = tables.outgoing_mail, tables.outgoing_mail.alias("other"), tables.invitation


def _may_go() -> ColumnElement[bool]:
    """Waiting and due, or left behind by a sender that died."""
    now = bindparam("now", type_=Instant())
    return or_(
        and_(_mail.c.status == WAITING, _mail.c.next_attempt_at <= now),
        and_(_mail.c.status == SENDING, _mail.c.leased_until < now),
    )


def _to_busy_domain() -> ColumnElement[bool]:
    """As many mails as may be under way to that domain are."""
    busy = (
        select(_other.c.domain)
        .where(_other.c.status == SENDING, _other.c.leased_until >= bindparam("now"))
        .group_by(_other.c.domain)
        .having(func.count() >= AT_ONCE)
    )
    return _mail.c.domain.in_(busy)


_READY = select(_mail.c.id).where(_may_go(), ~_to_busy_domain()).order_by(_mail.c.id).limit(bindparam("count"))
_ITS_INVITATION = (
    select(_invitation.c.id)
    .where(_invitation.c.id == select(_mail.c.invitation_id).where(_mail.c.id == bindparam("id")).scalar_subquery())
    .with_for_update(skip_locked=True)
)
_ONE_IN_FLIGHT = exists().where(
    _other.c.invitation_id == _mail.c.invitation_id,
    _other.c.id != _mail.c.id,
    _other.c.status == SENDING,
    _other.c.leased_until >= bindparam("now"),
)
_NEWER_ONE = exists().where(_other.c.invitation_id == _mail.c.invitation_id, _other.c.sequence > _mail.c.sequence)
_TOO_LATE = func.coalesce(_mail.c.useful_until <= bindparam("now", type_=Instant()), false())


def _is_taken(lane: int) -> ColumnElement[bool]:
    """Whether another mail to the same domain is in this lane."""
    return exists().where(
        _other.c.domain == _mail.c.domain,
        _other.c.lane == lane,
        _other.c.status == SENDING,
        _other.c.id != _mail.c.id,
    )


_MINE = (
    mails_with_what_they_are_about(
        _ONE_IN_FLIGHT.label("is_blocked"),
        or_(_NEWER_ONE, _TOO_LATE).label("is_overtaken"),
        case(*((~_is_taken(lane), lane) for lane in range(1, AT_ONCE + 1))).label("free_lane"),
    )
    .where(
        _mail.c.id == bindparam("id"),
        _may_go(),
        func.coalesce(_mail.c.invitation_id, "") == bindparam("locked"),
    )
    .with_for_update(of=_mail, skip_locked=True)
)
_IS_OURS = (
    _mail.c.id == bindparam("mail_id"),
    _mail.c.status == SENDING,
    _mail.c.attempts == bindparam("attempt"),
)
_OURS = select(_mail).where(*_IS_OURS).with_for_update()
_KEPT = update(_mail).where(_mail.c.id == bindparam("mail_id"))
_SENT = (
    update(_mail)
    .where(*_IS_OURS)
    .values(status="sent", sent_at=bindparam("now", type_=Instant()), leased_until=None, error=None)
    .returning(*(_mail.c[name] for name in ("recipient", "invitation_id", "registration_id", "sequence", "method")))
)


def ready(session: Session, now: datetime, count: int) -> Sequence[str]:
    """The ids of mails that may go now, oldest first."""
    return session.scalars(_READY, {"now": now, "count": count}).all()


def lock(tx: Transaction, mail_id: str) -> Row[Any] | None:
    """The mail with its invitation, locked, if it may still go.

    Nobody is waited for: what somebody else has in hand, such as an invitation that is being aligned, goes later.
    ``is_blocked``: another mail of this invitation is with the mail server right now; ``is_overtaken``: a newer state
    of this calendar is queued or was sent, so this one would be a ghost (rule 9), or it comes too late to be of use.
    ``free_lane`` is a lane to the mail's domain that nobody is in, None where all are taken. Two senders may see the
    same one free: the index on it lets one of them in, and the other's transaction fails.
    """
    locked = tx.session.scalar(_ITS_INVITATION, {"id": mail_id}) or ""
    return tx.session.execute(_MINE, {"id": mail_id, "now": tx.now, "locked": locked}).one_or_none()


def still_ours(tx: Transaction, mail_id: str, attempt: int) -> Row[Any] | None:
    """The mail, unless its lease ran out and another sender took it over."""
    return tx.session.execute(_OURS, {"mail_id": mail_id, "attempt": attempt}).one_or_none()


def keep(tx: Transaction, mail_id: str, **values: Any) -> None:
    """Write what became of the mail."""
    tx.session.execute(_KEPT, {"mail_id": mail_id, **values})


def sent(tx: Transaction, mail_id: str, attempt: int) -> Row[Any] | None:
    """Write that the mail was taken; gives it, unless another sender took it over."""
    return tx.session.execute(_SENT, {"mail_id": mail_id, "attempt": attempt, "now": tx.now}).one_or_none()
