"""Pass on what an organiser wrote to those who signed up."""

from services.notifications import tables
from services.notifications.actions.queue_mail import Mail, queue_mail
from services.notifications.queries import registration_facts
from services.notifications.rules.addresses import OurAddresses
from shared.db.transaction import Transaction
from shared.events.registration import MessageWritten


class RegistrationUnknownError(LookupError):
    """Nobody can be written to of whom nothing is known yet; its one argument is the id."""


def mail_message(tx: Transaction, ours: OurAddresses, written: MessageWritten) -> None:
    """Keep the message, once, and queue it for everyone of this part who has a mail address, each once.

    Raises ``RegistrationUnknownError`` as long as one of them is unknown.
    """
    row = {
        "id": written.id,
        "meeting_id": written.meeting_id,
        "subject": written.subject,
        "text": written.text,
        "urgent": written.urgent,
    }
    tx.upsert(tables.message, [row], changes=[])
    for registration_id in written.registration_ids:
        _mail(tx, ours, written, registration_id)


def _mail(tx: Transaction, ours: OurAddresses, written: MessageWritten, registration_id: str) -> None:
    registration = registration_facts(tx.session, registration_id)
    if registration is None:
        raise RegistrationUnknownError(registration_id)
    person = registration.person
    if person.email is None:
        return
    mail = Mail(
        key=f"message/{written.id}/{registration_id}",
        kind="message",
        recipient=person.email,
        recipient_name=person.name,
        language=person.language,
        meeting_id=written.meeting_id,
        registration_id=registration_id,
        about={"message": written.id},
    )
    queue_mail(tx, ours, mail)
