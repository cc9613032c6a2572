"""How the mail is doing, for whoever watches: what is still to be sent, and what did not arrive."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from prometheus_client import Metric
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from services.notifications.queries.mails import mail_server_away
from services.notifications.rules.retry import ON_ITS_WAY
from services.notifications.tables import outgoing_mail
from shared.watching.findings import Backlog, Finding, Values, gauge

PATIENCE = timedelta(minutes=5)
"""How long a mail that may go stays before somebody should look."""

_NOT_ARRIVED = ("failed", "bounced")


class MailSource:
    """The mail of an installation."""

    def figures(self, session: Session, now: datetime) -> Iterable[Metric]:
        """How much is still to be sent, for how long, what did not arrive, and whether the mail server takes mail."""
        unsent, statuses = _unsent(session, now), _by_status(session)
        on_its_way = sum(statuses.get(status, 0) for status in ON_ITS_WAY)
        lost = {(status,): statuses.get(status, 0) for status in _NOT_ARRIVED}
        up = mail_server_away(session) is None
        yield from (
            _gauge("mail_unsent_messages", "Mails that are still to be sent", {(): on_its_way}),
            _gauge("mail_overdue_messages", "Those of them that might have gone by now", {(): unsent.count}),
            _gauge("mail_oldest_unsent_seconds", "Age of the oldest overdue mail", {(): unsent.seconds(now)}),
            _gauge("mail_not_arrived_messages", "Mails in the mail log that did not arrive", lost, "status"),
            _gauge("mail_server_up", "Whether the mail server takes mail", {(): up}),
        )

    def findings(self, session: Session, now: datetime) -> Mapping[str, Finding]:
        """``mail``."""
        away = mail_server_away(session)
        if away is not None:
            return {
                "mail": Finding("warn", f"the mail server takes nothing since {away.away_since:%Y-%m-%d %H:%M} UTC")
            }
        return {"mail": _unsent(session, now).finding("mails", now, PATIENCE)}


def _unsent(session: Session, now: datetime) -> Backlog:
    """What may go, was tried without success, or was left behind by a sender; not what waits for its turn."""
    mail = outgoing_mail.c
    overdue = or_(
        and_(mail.status == "waiting", or_(mail.next_attempt_at <= now, mail.attempts > 0)),
        and_(mail.status == "sending", mail.leased_until < now),
    )
    return Backlog(*session.execute(select(func.count(), func.min(mail.queued_at)).where(overdue)).one())


def _by_status(session: Session) -> Mapping[str, int]:
    status = outgoing_mail.c.status
    chosen = status.in_((*ON_ITS_WAY, *_NOT_ARRIVED))
    rows = session.execute(select(status, func.count()).where(chosen).group_by(status))
    return {row[0]: row[1] for row in rows}


def _gauge(name: str, about: str, values: Values, *labels: str) -> Metric:
    return gauge(f"kring_{name}", about, "notifications", values, *labels)
