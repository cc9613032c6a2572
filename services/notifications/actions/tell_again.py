"""Somebody signed up with an address that is registered already: tell that address what is true."""

from sqlalchemy import bindparam, exists, select

from services.notifications import tables
from services.notifications.actions.queue_mail import Mail, queue_mail
from services.notifications.rules.addresses import OurAddresses
from shared.correlation import causation
from shared.db.transaction import Transaction, new_id
from shared.events.registration import Registration

_mail = tables.outgoing_mail
_STILL_WAITS = select(
    exists().where(
        _mail.c.registration_id == bindparam("registration"),
        _mail.c.kind == "repeated",
        _mail.c.status == tables.WAITING,
        _mail.c.attempts == 0,
    )
)


def tell_again(tx: Transaction, ours: OurAddresses, registration: Registration) -> None:
    """Mail what is true for this registration, once per event; the calendar object does not go along (rule 17).

    A mail that still waits says what is true when it leaves: there is no need for another one.
    """
    person = registration.person
    if person.email is None or tx.session.scalar(_STILL_WAITS, {"registration": registration.id}):
        return
    mail = Mail(
        key=f"repeated/{registration.id}/{causation() or new_id()}",
        kind="repeated",
        recipient=person.email,
        recipient_name=person.name,
        language=person.language,
        meeting_id=registration.meeting_id,
        registration_id=registration.id,
    )
    queue_mail(tx, ours, mail)
