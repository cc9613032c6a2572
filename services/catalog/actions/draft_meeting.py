"""An organiser begins a meeting that nobody else sees yet."""

from services.catalog import queries
from services.catalog.actions.keep_meeting import keep_meeting
from services.catalog.actions.plan_publication import plan_publication, refuse_plan
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.history import Act
from services.catalog.rules.meeting import Meeting, MeetingDetails, in_language
from services.catalog.rules.slug import slug_of
from shared.db.transaction import Transaction, new_id


def draft_meeting(tx: Transaction, details: MeetingDetails, by: str, addresses: Addresses) -> Meeting:
    """Keep ``details`` as a new draft of ``by`` (an id): revision 0, with the slug it has for ever once published."""
    refuse_plan(tx, None, details)
    queries.lock_catalogue(tx.session)  # two drafts of one title must not choose the same slug
    meeting_id = new_id()
    meeting = Meeting(
        **vars(details),
        id=meeting_id,
        slug=slug_of(in_language(details.title, "nl"), queries.slugs_of_others(tx.session, meeting_id)),
        status="draft",
        revision=0,
        version=0,
        sequence=0,
        created_at=tx.now,
        changed_at=tx.now,
    )
    plan_publication(tx, None, meeting)
    return keep_meeting(tx, None, meeting, Act("drafted", by), addresses)
