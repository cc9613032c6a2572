"""Keep the newest facts of a registration, and tell the person."""

from services.notifications.actions.keep_registration import keep_registration
from services.notifications.actions.mark_address import tell_of_marked
from services.notifications.actions.restore_address import note_arrived
from services.notifications.actions.tell_news import UNTOLD, Telling, tell_news
from services.notifications.actions.thank import plan_late_thanks
from services.notifications.queries import MeetingUnknownError
from services.notifications.queries.facts import read_registration
from services.notifications.queries.followed import around, kept
from services.notifications.rules.addresses import OurAddresses
from services.notifications.rules.preferences import addressed_in
from services.notifications.rules.reachable import acted_on_mail
from shared.db.transaction import Transaction
from shared.events.registration import Registration


def follow_registration(tx: Transaction, ours: OurAddresses, registration: Registration, reason: str = "") -> None:
    """Take the facts of a registration as they are now; ``reason`` is why an organiser decided so.

    Raises ``MeetingUnknownError`` before its meeting is known.
    """
    known = around(tx.session, ours, registration)
    if known is None:
        raise MeetingUnknownError(registration.meeting_id)
    if registration.status == "attended":
        plan_late_thanks(tx, known.meeting)
    was = kept(tx.session, registration.id)
    before = Telling(was.news, was.tellings) if was else UNTOLD
    addressed = addressed_in(known.language, registration)
    told = tell_news(tx, ours, known.meeting, addressed, before, reason=reason)
    keep_registration(tx, was, registration, told)
    if known.is_lost:
        _heed_mark(tx, read_registration(was.facts) if was else None, registration)


def _heed_mark(tx: Transaction, before: Registration | None, now: Registration) -> None:
    """Mail to this person does not arrive; unless what they did now shows that it does."""
    recipient = now.person.email or ""
    if acted_on_mail(before, now):
        note_arrived(tx, recipient)
    elif before is None or before.person.email != recipient:
        tell_of_marked(tx, recipient)
