"""An organiser changes a meeting; once it is public, everyone who follows it is told."""

from dataclasses import fields, replace

from services.catalog import queries
from services.catalog.actions.keep_meeting import keep_meeting
from services.catalog.actions.plan_publication import plan_publication, refuse_plan
from services.catalog.actions.tell_meeting import facts_of
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.changes import kinds_of_change, matters
from services.catalog.rules.flaws import ConflictError, FlawedError
from services.catalog.rules.history import Act
from services.catalog.rules.meeting import Meeting, MeetingDetails, in_language
from services.catalog.rules.publication import publication_flaws
from services.catalog.rules.slug import slug_of
from shared.db.due import plan
from shared.db.transaction import Transaction
from shared.events.catalog import MeetingChanged
from shared.i18n import N_


def change_meeting(
    tx: Transaction, meeting: Meeting, details: MeetingDetails, act: Act, addresses: Addresses
) -> Meeting:
    """Let ``meeting``, read under its lock in this transaction, be as ``details`` say. No difference: nothing happens.

    The reason of ``act`` is told to whom the change of a public meeting concerns. A draft takes the slug of its new
    title. Raises ``FlawedError`` where a public meeting would no longer be publishable, ``ConflictError`` for a meeting
    that was cancelled and for a new time of one that is over.
    """
    kinds = kinds_of_change(meeting, details)
    if not kinds:
        return meeting
    refuse_plan(tx, meeting, details)
    changed = replace(meeting, **{each.name: getattr(details, each.name) for each in fields(MeetingDetails)})
    if meeting.is_draft:
        return _change_draft(tx, meeting, changed, act, addresses)
    _refuse(meeting, kinds, details)
    changed = replace(changed, revision=meeting.revision + 1, sequence=meeting.sequence + matters(kinds))
    kept = keep_meeting(tx, meeting, changed, act, addresses)
    if kept.status == "published":
        plan(tx, "hold", kept.id, kept.ends_at)
    tx.publish(MeetingChanged(meeting=facts_of(tx, kept, addresses), changed=kinds, reason=act.reason))
    return kept


def _change_draft(tx: Transaction, before: Meeting, draft: Meeting, act: Act, addresses: Addresses) -> Meeting:
    plan_publication(tx, before, draft)
    queries.lock_catalogue(tx.session)  # two drafts of one title must not choose the same slug
    slug = slug_of(in_language(draft.title, "nl"), queries.slugs_of_others(tx.session, draft.id))
    return keep_meeting(tx, before, replace(draft, slug=slug), act, addresses)


def _refuse(meeting: Meeting, kinds: tuple[str, ...], details: MeetingDetails) -> None:
    if meeting.status == "cancelled":
        raise ConflictError("meeting-cancelled", N_("This meeting was cancelled and can no longer be changed."))
    if meeting.status == "held" and "time" in kinds:
        raise ConflictError("meeting-held", N_("This meeting is over and cannot be moved."))
    flaws = list(publication_flaws(details))
    if flaws:
        raise FlawedError(flaws)
