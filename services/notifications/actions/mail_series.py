"""One overview for who signed up for several meetings of a series in one go."""

from services.notifications.actions.mail_message import RegistrationUnknownError
from services.notifications.actions.queue_mail import Mail, queue_mail
from services.notifications.queries import registration_facts
from services.notifications.rules.addresses import OurAddresses
from shared.db.transaction import Transaction
from shared.events.registration import SeriesJoined


def mail_series(tx: Transaction, ours: OurAddresses, joined: SeriesJoined) -> None:
    """Queue the overview, once. Raises ``RegistrationUnknownError`` as long as one of the registrations is unknown."""
    for registration_id in joined.registration_ids:
        if registration_facts(tx.session, registration_id) is None:
            raise RegistrationUnknownError(registration_id)
    if joined.person.email is None:
        return
    mail = Mail(
        key=f"series/{joined.id}",
        kind="series",
        recipient=joined.person.email,
        recipient_name=joined.person.name,
        language=joined.person.language,
        about={"series": joined.series, "registrations": list(joined.registration_ids)},
    )
    queue_mail(tx, ours, mail)
