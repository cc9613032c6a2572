"""Mail a fresh link to whoever asked for it."""

from services.notifications.actions.queue_mail import Mail, queue_mail
from services.notifications.rules.addresses import OurAddresses
from shared.db.transaction import Transaction
from shared.events.access import LinkRequested
from shared.times import utc_text


def mail_link(tx: Transaction, ours: OurAddresses, asked: LinkRequested) -> None:
    """Queue the mail with the link, once; the link itself is signed when the mail is written, and kept nowhere else.

    A request that has run out is not answered any more.
    """
    if asked.valid_until <= tx.now:
        return
    purpose = "network-sign-in" if asked.reader == "participant" else asked.purpose
    mail = Mail(
        key=f"{purpose}/{asked.id}",
        kind=purpose.replace("-", "_"),
        recipient=asked.email,
        recipient_name="",
        language=asked.language,
        about={"link": asked.id, "validUntil": utc_text(asked.valid_until)},
        useful_until=asked.valid_until,
    )
    queue_mail(tx, ours, mail)
