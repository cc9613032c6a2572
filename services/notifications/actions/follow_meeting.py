"""Keep the newest facts of a meeting, and tell everyone whom they concern."""

from sqlalchemy import select

from services.notifications import tables
from services.notifications.actions.align_guest import align_guests
from services.notifications.actions.close_invitations import plan_closing
from services.notifications.actions.raise_feeds import raise_feeds_of_meeting
from services.notifications.actions.remind import plan_reminders
from services.notifications.actions.tell_news import tell_news
from services.notifications.actions.thank import plan_thanks
from services.notifications.queries.facts import read_registration, written
from services.notifications.rules.addresses import OurAddresses
from services.notifications.rules.desired import is_over
from shared.db.transaction import Transaction
from shared.events.catalog import Meeting


def follow_meeting(tx: Transaction, ours: OurAddresses, meeting: Meeting, why: str = "") -> None:
    """Take the facts of a meeting as catalog told them; older ones than we hold change nothing.

    ``why`` it changed, in the organiser's words, stands in the mails about this change and in no later ones.
    """
    plan_closing(tx, meeting)  # before the meeting is locked, as the work itself does
    if not _keep(tx, meeting):
        return
    plan_reminders(tx, meeting)
    plan_thanks(tx, meeting)
    raise_feeds_of_meeting(tx, meeting.id)
    registration = tables.registration
    follows = select(registration.c.facts).where(registration.c.meeting_id == meeting.id).order_by(registration.c.id)
    for facts in tx.session.scalars(follows).all():
        tell_news(tx, ours, meeting, read_registration(facts), why)
    if not is_over(meeting, tx.now):
        align_guests(tx, ours, meeting, why)


def _keep(tx: Transaction, meeting: Meeting) -> bool:
    """Store the facts, unless newer ones are there; tells which it was."""
    known = tables.meeting
    held = select(known.c.revision).where(known.c.id == meeting.id).with_for_update()
    revision = tx.session.scalar(held)
    if revision is not None and revision > meeting.revision:
        return False
    row = {
        "id": meeting.id,
        "revision": meeting.revision,
        "status": meeting.status,
        "regions": [region.code for region in meeting.regions],
        "facts": written(meeting),
    }
    tx.upsert(known, [row])
    return True
