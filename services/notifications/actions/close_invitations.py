"""Sign-up closes: invitations that nobody answered leave the calendars (rule 14). Due work, one piece per meeting."""

from sqlalchemy import select, update

from services.notifications import tables
from services.notifications.actions.align_guest import align_guests
from services.notifications.actions.erase_brought import plan_erasure
from services.notifications.queries import steady_meeting_facts
from services.notifications.rules.addresses import OurAddresses
from services.notifications.rules.guests import closing
from shared.db.due import plan
from shared.db.transaction import Transaction
from shared.events.catalog import Meeting

CLOSE = "close-invitations"


def plan_closing(tx: Transaction, meeting: Meeting) -> None:
    """Let it be done when sign-up closes by these facts; nothing where nobody was invited, or newer facts are known.

    Call it before the meeting is locked.
    """
    known, campaign = tables.meeting, tables.campaign
    revision = tx.session.scalar(select(known.c.revision).where(known.c.id == meeting.id))
    has_campaign = tx.session.scalar(select(campaign.c.id).where(campaign.c.meeting_id == meeting.id).limit(1))
    if has_campaign and (revision is None or revision <= meeting.revision):
        plan(tx, CLOSE, meeting.id, closing(meeting))


def close_invitations(tx: Transaction, ours: OurAddresses, meeting_id: str) -> None:
    """Take back what is unanswered; planned anew where sign-up turns out to close later."""
    meeting = steady_meeting_facts(tx.session, meeting_id)
    if meeting is None:
        return
    if tx.now < closing(meeting):
        plan(tx, CLOSE, meeting_id, closing(meeting))
        return
    if meeting.status == "published":
        align_guests(tx, ours, meeting)
    _end_campaigns(tx, meeting_id)


def _end_campaigns(tx: Transaction, meeting_id: str) -> None:
    """Nobody else is invited; what an organiser brought for it is not needed any more."""
    campaign = tables.campaign
    theirs = (campaign.c.meeting_id == meeting_id, campaign.c.status != "done")
    ended = update(campaign).where(*theirs).values(status="closed").returning(campaign.c.id)
    for campaign_id in tx.session.scalars(ended).all():
        plan_erasure(tx, campaign_id)
