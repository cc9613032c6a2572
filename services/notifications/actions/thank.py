"""Thank those who came, with the survey and the way to a certificate: due work, one row per meeting."""

from datetime import timedelta

from sqlalchemy import select

from services.notifications import tables
from services.notifications.actions.queue_mail import Mail, queue_mail
from services.notifications.queries import meeting_facts
from services.notifications.queries.facts import read_registration
from services.notifications.queries.next_meeting import next_meeting
from services.notifications.queries.preferences import may_remind
from services.notifications.rules.addresses import OurAddresses
from services.notifications.rules.reminders import thanks_at, to_thank
from shared.db.due import plan, plan_first, plan_no_more
from shared.db.transaction import Transaction
from shared.events.catalog import Meeting
from shared.events.registration import Registration

THANK = "thank"
_USEFUL = timedelta(days=7)


def plan_thanks(tx: Transaction, meeting: Meeting) -> None:
    """Plan the mail after a meeting as it is now: it moves along, and is gone where the meeting is called off."""
    moment = None if meeting.status == "cancelled" else thanks_at(meeting.ends_at, meeting.ends_at, tx.now)
    if moment is None:
        plan_no_more(tx, THANK, meeting.id)
    else:
        plan(tx, THANK, meeting.id, moment)


def plan_late_thanks(tx: Transaction, meeting: Meeting) -> None:
    """It was noted that someone came, perhaps when the others were thanked already.

    Before the registration is locked: due work takes its own row first.
    """
    moment = thanks_at(meeting.ends_at, tx.now, tx.now)
    if moment is not None:
        plan_first(tx, THANK, meeting.id, moment)


def thank(tx: Transaction, ours: OurAddresses, meeting_id: str) -> None:
    """Due work: thank everyone who came, each once."""
    meeting = meeting_facts(tx.session, meeting_id)
    if meeting is None or meeting.status == "cancelled" or tx.now < meeting.ends_at:
        return
    following = next_meeting(tx.session, meeting, tx.now)
    for registration in to_thank(_all(tx, meeting_id), meeting):
        person = registration.person
        if person.email is None or not may_remind(tx.session, ours, person.email):
            continue
        mail = Mail(
            key=f"thanks/{registration.id}",
            kind="thanks",
            recipient=person.email,
            recipient_name=person.name,
            language=person.language,
            meeting_id=meeting_id,
            registration_id=registration.id,
            about={"next": following.id} if following else {},
            useful_until=tx.now + _USEFUL,
        )
        queue_mail(tx, ours, mail)


def _all(tx: Transaction, meeting_id: str) -> list[Registration]:
    registration = tables.registration
    rows = select(registration.c.facts).where(registration.c.meeting_id == meeting_id).order_by(registration.c.id)
    return [read_registration(facts) for facts in tx.session.scalars(rows)]
