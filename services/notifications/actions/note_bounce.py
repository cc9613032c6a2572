"""A mail server reports what became of one of our mails."""

from typing import Any, Literal

from sqlalchemy import Row, select, update

from services.notifications import tables
from services.notifications.actions.mark_address import mark_returned
from services.notifications.actions.restore_address import note_arrived
from services.notifications.rules.delivery_reports import DeliveryReport
from shared.db.transaction import Transaction

Noted = Literal["unknown", "marked", "lost", "arrived", "nothing"]
"""What followed: no mail of ours, the address is marked, this one mail is lost, it arrived, or nothing."""


def note_bounce(tx: Transaction, token: str, report: DeliveryReport) -> Noted:
    """Take ``report``, which came to ``bounce+<token>@``; the token alone says whose mail it is about.

    The same report again changes nothing.
    """
    mail = _mail(tx, token, report.message_id)
    if mail is None:
        return "unknown"
    if report.action == "delivered":
        note_arrived(tx, mail.recipient)
        return "arrived"
    if not report.is_lost:
        return "nothing"
    error = f"came back: {report.status}"
    _mark_mail(tx, mail.id, error)
    if not report.is_for_good:
        return "lost"
    mark_returned(tx, mail.recipient, error)
    return "marked"


def _mail(tx: Transaction, token: str, message_id: str | None) -> Row[Any] | None:
    """The mail that the report is about, or the newest that left with this token: all of them go to one address."""
    mail = tables.outgoing_mail
    left = select(mail).where(mail.c.token == token, mail.c.attempts > 0)
    about_it = mail.c.message_id == message_id
    return tx.session.execute(left.order_by(about_it.desc(), mail.c.id.desc()).limit(1)).one_or_none()


def _mark_mail(tx: Transaction, mail_id: str, error: str) -> None:
    """Also one that is to be tried again because nobody knew whether it had been taken: it had."""
    mail = tables.outgoing_mail
    left = (mail.c.id == mail_id, mail.c.status.in_(["sent", "sending", "waiting"]))
    tx.session.execute(update(mail).where(*left).values(status="bounced", leased_until=None, error=error))
