"""Erase somebody: a line for each table that holds something of people who are no office.

Whoever adds a table with a personal column adds its eraser here, or says in ``STAYS`` why it stays.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sqlalchemy import Table, delete, select

from services.catalog.actions.consent_to_research import withdraw_consent
from services.catalog.actions.judge_story import remove_story
from services.catalog.queries.stories import told_by
from services.catalog.tables import expert, research_contact, story
from shared.bus.erasing import erase
from shared.db.ledger import Erased, Eraser, Ledger
from shared.db.transaction import Transaction
from shared.events.erasure import ErasureDone, ErasureRequested
from shared.i18n import N_

NAME: Final = "catalog"


def erase_person(tx: Transaction, ledger: Ledger, asked: ErasureRequested) -> None:
    """Erase all of this person from before they asked, and tell that it is done; once done, nothing happens."""
    if not ledger.write(tx, asked.person, asked.requested_at):
        return
    erased = Erased(asked.person, asked.requested_at, ledger.pseudonyms, asked.email)
    counts = erase(tx, ledger, ERASERS, erased)
    tx.publish(
        ErasureDone(person=asked.person, requested_at=asked.requested_at, done_at=tx.now, counts=counts, service=NAME)
    )


def _erase_stories(tx: Transaction, erased: Erased) -> int:
    """What was told by consent goes as a whole, published or not."""
    told = list(
        tx.session.scalars(select(story.c.id).where(told_by(tx.session, erased), story.c.told_at <= erased.since))
    )
    for story_id in told:
        remove_story(tx, story_id)
    return len(told)


def _erase_expert(tx: Transaction, erased: Erased) -> int:
    mine = expert.c.email.in_(erased.within(tx.session, expert.c.email))
    return len(tx.session.scalars(delete(expert).where(mine).returning(expert.c.id)).all())


def _erase_research(tx: Transaction, erased: Erased) -> int:
    addresses = erased.within(tx.session, research_contact.c.email)
    contacts = list(tx.session.scalars(select(research_contact.c.id).where(research_contact.c.email.in_(addresses))))
    for contact_id in contacts:
        withdraw_consent(tx, contact_id)
    return len(contacts)


ERASERS: Final[Mapping[Table, Eraser]] = MappingProxyType(
    {
        story: _erase_stories,
        expert: _erase_expert,
        research_contact: _erase_research,
    }
)
"""How a person is taken out of each table, in this order."""

_THE_OFFICE = N_("the office of a meeting stands for the meeting, also where it has somebody's name")

STAYS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "meeting.organiser": _THE_OFFICE,
        "meeting.contact": _THE_OFFICE,
        "meeting.sessions": N_("who speaks at a meeting stands in its programme until the organiser changes that"),
        "meeting.list_deliveries": N_("who gets a list is for the organiser of the meeting to change"),
        "meeting_history.reason": N_("what changed in a meeting is accounted for"),
        "meeting_history.changes": N_("what changed in a meeting is accounted for"),
        "search_text.title": N_("it is found as long as it is there"),
        "search_text.body": N_("it is found as long as it is there"),
        "urgent_notice.subject": N_("what an organiser wrote to all who come is theirs"),
        "urgent_notice.text": N_("what an organiser wrote to all who come is theirs"),
        "upload.name": N_("it is gone after a day"),
        "upload.content": N_("it is gone after a day"),
        "audit_why.why": N_("what changed in a meeting is accounted for"),
        "story.name": N_(
            "a story that was told without an address, or published before this site kept a mark of its address, "
            "is nobody's by name: an editor takes it away when asked"
        ),
        "opinion.words": N_("nobody can tell who wrote it"),
    }
)
"""What of a person stays, by column, and why."""
