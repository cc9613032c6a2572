"""Tell somebody whom a meeting names where its attendee list is."""

from services.notifications.actions.queue_mail import Mail, queue_mail
from services.notifications.queries import MeetingUnknownError, meeting_facts
from services.notifications.rules.addresses import OurAddresses
from shared.db.transaction import Transaction
from shared.events.registration import ListDelivered
from shared.times import utc_text


def mail_list(tx: Transaction, ours: OurAddresses, delivered: ListDelivered) -> None:
    """Queue the mail with the way to the list, once; a link to a file is signed when the mail is written.

    Nothing where it came too late, or the meeting is called off by now. Raises ``MeetingUnknownError`` before the
    meeting is known.
    """
    meeting = meeting_facts(tx.session, delivered.meeting_id)
    if meeting is None:
        raise MeetingUnknownError(delivered.meeting_id)
    if meeting.status == "cancelled" or delivered.valid_until <= tx.now or delivered.to.email is None:
        return
    wanted = {"purpose": delivered.purpose, "targetGroup": delivered.target_group or ""}
    link = {"link": delivered.id, "validUntil": utc_text(delivered.valid_until)} if delivered.as_file else {}
    mail = Mail(
        key=f"attendee-list/{delivered.id}",
        kind="attendee_list",
        recipient=delivered.to.email,
        recipient_name=delivered.to.name,
        language=delivered.to.language,
        meeting_id=delivered.meeting_id,
        about={"list": wanted, **link},
        useful_until=delivered.valid_until,
    )
    queue_mail(tx, ours, mail)
