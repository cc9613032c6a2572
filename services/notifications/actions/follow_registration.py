"""Keep the newest facts of a registration, and tell the person."""

from services.notifications.actions.keep_registration import keep_registration
from services.notifications.actions.mark_address import tell_of_marked
from services.notifications.actions.restore_address import note_arrived
from services.notifications.actions.tell_news import tell_news
from services.notifications.actions.thank import plan_late_thanks
from services.notifications.queries import MeetingUnknownError, is_bounced, registration_facts, steady_meeting_facts
from services.notifications.rules.addresses import OurAddresses
from services.notifications.rules.reachable import acted_on_mail
from shared.db.transaction import Transaction
from shared.events.registration import Registration


def follow_registration(tx: Transaction, ours: OurAddresses, registration: Registration, reason: str = "") -> None:
    """Take the facts of a registration as they are now; ``reason`` is why an organiser decided so.

    Raises ``MeetingUnknownError`` before its meeting is known.
    """
    meeting = steady_meeting_facts(tx.session, registration.meeting_id)
    if meeting is None:
        raise MeetingUnknownError(registration.meeting_id)
    if registration.status == "attended":
        plan_late_thanks(tx, meeting)
    email = registration.person.email
    is_lost = email is not None and is_bounced(tx.session, email)
    before = registration_facts(tx.session, registration.id) if is_lost else None
    keep_registration(tx, registration)
    if is_lost:
        _heed_mark(tx, before, registration)
    tell_news(tx, ours, meeting, registration, reason)


def _heed_mark(tx: Transaction, before: Registration | None, now: Registration) -> None:
    """Mail to this person does not arrive; unless what they did now shows that it does."""
    recipient = now.person.email or ""
    if acted_on_mail(before, now):
        note_arrived(tx, recipient)
    elif before is None or before.person.email != recipient:
        tell_of_marked(tx, recipient)
