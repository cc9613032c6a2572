"""Who has a role in the demonstration besides its first manager, and a mail that did not arrive."""

from typing import Final

from sqlalchemy import select

from services.notifications.actions.note_bounce import note_bounce
from services.notifications.rules.delivery_reports import DeliveryReport
from services.notifications.tables import outgoing_mail
from services.registration.actions.keep_organisers import keep_organiser
from services.registration.queries.access import organiser_with
from services.registration.rules.addresses import address_key
from shared.db.transaction import Database
from shared.people.roles import GivenRole

_PEOPLE: Final[tuple[tuple[str, GivenRole, tuple[str, ...]], ...]] = (
    ("redactie@kring.example", "editor", ()),
    ("flevoland@kring.example", "organiser", ("PV24",)),
)

_NOBODY_THERE: Final = DeliveryReport("failed", "5.1.1")


def load_roles(database: Database) -> None:
    """Give an editor and an organiser of one region their roles, unless they have one."""
    with database.begin() as tx:
        for email, role, regions in _PEOPLE:
            if organiser_with(tx.session, address_key(email)) is None:
                keep_organiser(tx, email, role, regions, by="operator")


def load_undelivered(database: Database) -> None:
    """Let the newest mail to somebody who signed off come back: their mailbox is gone; twice is once.

    Who does not come needs nothing, so no desk has to do something about it.
    """
    with database.begin() as tx:
        mail = outgoing_mail.c
        left = select(mail.token).where(mail.kind == "cancelled", mail.status.in_(("sent", "bounced")))
        token = tx.session.scalar(left.order_by(mail.id.desc()).limit(1))
        if token:
            note_bounce(tx, token, _NOBODY_THERE)
