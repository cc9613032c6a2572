"""Somebody signed someone else up, and wants to have it in writing."""

from services.notifications.actions.queue_mail import Mail, queue_mail
from services.notifications.rules.addresses import OurAddresses
from shared.correlation import causation
from shared.db.transaction import Transaction, new_id
from shared.events.registration import Registration


def mail_copy(tx: Transaction, ours: OurAddresses, registration: Registration) -> None:
    """Mail whoever signed this person up what they did, once per event.

    It says nothing of how the registration stands, nor who was registered before, and holds nothing to change it with:
    that is the person's own.
    """
    if registration.copy_to is None:
        return
    mail = Mail(
        key=f"copy/{causation() or new_id()}",
        kind="copy",
        recipient=registration.copy_to,
        recipient_name="",
        language=registration.copy_language,
        meeting_id=registration.meeting_id,
        registration_id=registration.id,
        about={"person": registration.copy_name, "post": registration.series_post},
    )
    queue_mail(tx, ours, mail)
