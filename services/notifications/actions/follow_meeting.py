"""Keep the newest facts of a meeting, and tell everyone whom they concern."""

from sqlalchemy import bindparam, select

from services.notifications import tables
from services.notifications.actions.align_guest import align_guests
from services.notifications.actions.close_invitations import plan_closing
from services.notifications.actions.raise_feeds import raise_feeds_of_meeting
from services.notifications.actions.remind import plan_reminders
from services.notifications.actions.tell_news import Telling, remember, tell_news
from services.notifications.actions.thank import plan_thanks
from services.notifications.queries.facts import read_registration, written
from services.notifications.queries.preferences import chosen_languages
from services.notifications.rules.addresses import OurAddresses
from services.notifications.rules.desired import is_over
from services.notifications.rules.preferences import addressed_in
from shared.db.transaction import Transaction
from shared.events.catalog import Meeting

_registration = tables.registration
_SIGNED_UP = (
    select(_registration.c.facts, _registration.c.news, _registration.c.tellings)
    .where(_registration.c.meeting_id == bindparam("meeting"))
    .order_by(_registration.c.id)
    .with_for_update()
)
"""Locked in one order, as by whoever reminds them: nobody else tells them anything until we are done."""


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
    _tell_everyone(tx, ours, meeting, why)
    if not is_over(meeting, tx.now):
        align_guests(tx, ours, meeting, why)


def _tell_everyone(tx: Transaction, ours: OurAddresses, meeting: Meeting, why: str) -> None:
    """Those who signed up, each in their language and as they were told last."""
    rows = tx.session.execute(_SIGNED_UP, {"meeting": meeting.id}).all()
    registrations = [read_registration(row.facts) for row in rows]
    languages = chosen_languages(tx.session, ours, (each.person.email or "" for each in registrations))
    for row, registration in zip(rows, registrations, strict=True):
        was = Telling(row.news, row.tellings)
        addressed = addressed_in(languages.get(registration.person.email or ""), registration)
        told = tell_news(tx, ours, meeting, addressed, was, reason=why)
        if told != was:
            remember(tx, registration.id, told)


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
