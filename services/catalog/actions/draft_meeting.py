"""An organiser begins meetings that nobody else sees yet."""

from collections.abc import Sequence

from services.catalog import queries
from services.catalog.actions.keep_meeting import keep_meetings
from services.catalog.actions.plan_publication import plan_publication, refuse_plan
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.history import Act
from services.catalog.rules.meeting import Meeting, MeetingDetails, in_language
from services.catalog.rules.slug import slug_of
from shared.db.transaction import Transaction, new_id


def draft_meeting(tx: Transaction, details: MeetingDetails, by: str, addresses: Addresses) -> Meeting:
    """Keep ``details`` as a new draft of ``by`` (an id): revision 0, with the slug it has for ever once published."""
    return draft_meetings(tx, [details], by, addresses)[0]


def draft_meetings(tx: Transaction, several: Sequence[MeetingDetails], by: str, addresses: Addresses) -> list[Meeting]:
    """The same of ``several`` at once, in their order."""
    if not several:
        return []
    queries.lock_catalogue(tx.session)  # two drafts of one title must not choose the same slug
    taken = queries.all_slugs(tx.session)
    drafts = []
    for details in several:
        refuse_plan(tx, None, details)
        slug = slug_of(in_language(details.title, "nl"), taken)
        taken.add(slug)
        drafts.append(
            Meeting(
                **vars(details),
                id=new_id(),
                slug=slug,
                status="draft",
                revision=0,
                version=0,
                sequence=0,
                created_at=tx.now,
                changed_at=tx.now,
            )
        )
    for draft in drafts:
        plan_publication(tx, None, draft)
    return keep_meetings(tx, [(None, draft) for draft in drafts], Act("drafted", by), addresses)
