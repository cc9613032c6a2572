"""Ask a colleague whether they take a seat over."""

from services.notifications.actions.queue_mail import Mail, queue_mail
from services.notifications.queries import MeetingUnknownError, meeting_facts
from services.notifications.rules.addresses import OurAddresses
from shared.db.transaction import Transaction
from shared.events.registration import TransferProposed
from shared.times import utc_text


def mail_transfer(tx: Transaction, ours: OurAddresses, proposed: TransferProposed) -> None:
    """Queue the mail with the link that accepts, once; the link itself is signed when the mail is written.

    A proposal that has run out is not mailed any more. Raises ``MeetingUnknownError`` before its meeting is known.
    """
    if meeting_facts(tx.session, proposed.meeting_id) is None:
        raise MeetingUnknownError(proposed.meeting_id)
    if proposed.valid_until <= tx.now or proposed.to.email is None:
        return
    mail = Mail(
        key=f"transfer/{proposed.id}/{proposed.version}",
        kind="transfer",
        recipient=proposed.to.email,
        recipient_name=proposed.to.name,
        language=proposed.to.language,
        meeting_id=proposed.meeting_id,
        about={
            "link": proposed.id,
            "version": proposed.version,
            "validUntil": utc_text(proposed.valid_until),
            "by": proposed.by_name,
        },
        useful_until=proposed.valid_until,
    )
    queue_mail(tx, ours, mail)
