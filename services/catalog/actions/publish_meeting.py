"""A draft becomes public: it stands in lists and feeds, and people may sign up."""

from dataclasses import replace

from services.catalog.actions.keep_meeting import keep_meeting
from services.catalog.actions.plan_publication import KIND
from services.catalog.actions.tell_meeting import facts_of
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.flaws import ConflictError, FlawedError
from services.catalog.rules.history import Act
from services.catalog.rules.meeting import Meeting
from services.catalog.rules.publication import publication_flaws
from shared.db.due import plan, plan_no_more
from shared.db.transaction import Transaction
from shared.events.catalog import MeetingPublished
from shared.i18n import N_


def publish_meeting(tx: Transaction, meeting: Meeting, by: str, addresses: Addresses) -> Meeting:
    """Publish ``meeting``, read under its lock in this transaction, as revision 1; twice is once. ``by``: an id.

    Raises ``FlawedError`` with every reason why it cannot be published yet, ``ConflictError`` once it is over or
    cancelled.
    """
    if meeting.status == "published":
        return meeting
    if not meeting.is_draft:
        raise ConflictError("meeting-not-a-draft", N_("Only a draft can be published."))
    flaws = list(publication_flaws(meeting))
    if flaws:
        raise FlawedError(flaws)
    public = replace(meeting, status="published", revision=1, published_at=tx.now, publish_at=None)
    published = keep_meeting(tx, meeting, public, Act("published", by), addresses)
    plan_no_more(tx, KIND, published.id)
    plan(tx, "hold", published.id, published.ends_at)
    tx.publish(MeetingPublished(meeting=facts_of(tx, published, addresses)))
    return published
