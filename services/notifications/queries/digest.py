"""What stands in somebody's list of new meetings."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.notifications import tables
from services.notifications.queries.facts import read_meeting, read_registration, read_wish
from services.notifications.rules.addresses import address_key
from services.notifications.rules.guests import Wish
from shared.db.merged import became, kin
from shared.events.catalog import Meeting


def wish_of(session: Session, fingerprint: str) -> Wish | None:
    """What the address with this fingerprint subscribed to, and confirmed; None for nothing.

    Regions that became another go along with it.
    """
    subscription = tables.subscription.c
    wish = session.scalar(select(subscription.wish).where(subscription.fingerprint == fingerprint))
    if not wish:
        return None
    said = read_wish(wish)
    return replace(said, regions=kin(said.regions, became(session, tables.reference, "region")))


def last_registration(session: Session, address: str) -> str | None:
    """The id of the newest sign-up of whoever this address belongs to; None where there is none."""
    registration = tables.registration.c
    own = select(registration.id, registration.facts).where(registration.address == address_key(address))
    ids = [row.id for row in session.execute(own) if read_registration(row.facts).companion == 1]
    return max(ids, default=None)


def unlisted_meetings(session: Session, fingerprint: str, address: str) -> list[Meeting]:
    """The published meetings, soonest first, that this person neither read in a list before nor is signed up for."""
    meeting, listed, registration = tables.meeting, tables.listed_meeting, tables.registration
    read = select(listed.c.meeting_id).where(listed.c.fingerprint == fingerprint)
    own = select(registration.c.meeting_id).where(registration.c.address == address_key(address))
    new = select(meeting.c.facts).where(
        meeting.c.status == "published", meeting.c.id.not_in(read), meeting.c.id.not_in(own)
    )
    return sorted((read_meeting(facts) for facts in session.scalars(new)), key=lambda each: (each.starts_at, each.id))
