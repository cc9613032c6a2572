"""Somebody may be approached for research, or no longer."""

import secrets

from sqlalchemy import delete, select

from services.catalog.rules.days import home_day
from services.catalog.rules.feedback import at_midnight, consent_ends
from services.catalog.tables import research_contact
from shared.db.due import plan, plan_no_more
from shared.db.transaction import Transaction
from shared.i18n import Language

FORGET_CONTACT = "forget-contact"


def consent_to_research(tx: Transaction, email: str, language: Language, months: int) -> str:
    """Keep the address (in lower case) for so many ``months``; gives an id, of which a link to withdraw is made.

    Given once more, it holds from now on.
    """
    known = tx.session.scalar(select(research_contact.c.id).where(research_contact.c.email == email))
    contact_id = known or secrets.token_hex(16)
    ends_on = consent_ends(home_day(tx.now), months)
    tx.upsert(research_contact, [{"id": contact_id, "email": email, "language": language, "ends_on": ends_on}])
    plan(tx, FORGET_CONTACT, contact_id, at_midnight(ends_on))
    return contact_id


def withdraw_consent(tx: Transaction, contact_id: str) -> None:
    """Forget the address: as it was asked by a link, or as due work. Unknown: nothing happens."""
    plan_no_more(tx, FORGET_CONTACT, contact_id)
    tx.session.execute(delete(research_contact).where(research_contact.c.id == contact_id))


def withdraw_address(tx: Transaction, email: str) -> None:
    """The same for whoever types the address (in lower case). Unknown: nothing happens."""
    contact_id = tx.session.scalar(select(research_contact.c.id).where(research_contact.c.email == email))
    if contact_id:
        withdraw_consent(tx, contact_id)
