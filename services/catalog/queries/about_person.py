"""All that catalog keeps of somebody, for themselves."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.catalog.queries.stories import told_by
from services.catalog.tables import expert, research_contact, story
from shared.db.ledger import Erased
from shared.people.telling import told


def about_person(session: Session, person: Erased) -> dict[str, list[dict[str, Any]]]:
    """By kind; what was told under no address, or by others, is not theirs."""
    found = {
        "stories": select(story).where(told_by(session, person)),
        "expert": select(expert).where(expert.c.email.in_(person.within(session, expert.c.email))),
        "researchConsent": select(research_contact).where(
            research_contact.c.email.in_(person.within(session, research_contact.c.email))
        ),
    }
    return {name: [told(row, without=("teller",)) for row in session.execute(chosen)] for name, chosen in found.items()}
