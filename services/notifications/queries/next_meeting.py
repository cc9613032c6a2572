"""What comes after a meeting, for those who were there."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.notifications import tables
from services.notifications.queries import meeting_facts
from services.notifications.rules.guests import is_open
from shared.events.catalog import Meeting

_MOST_LOOKED_AT = 20


def next_meeting(session: Session, meeting: Meeting, now: datetime) -> Meeting | None:
    """The next meeting of the same series, else of the same regions, that one can sign up for at ``now`` (aware UTC).

    Catalog writes times in UTC and all alike, so that as text they stand in the order of time.
    """
    facts, own = tables.meeting.c.facts, [region.code for region in meeting.regions]
    starts_at = facts["startsAt"].as_string()
    ahead = select(tables.meeting.c.id, tables.meeting.c.regions, facts["series"].as_string().label("series")).where(
        tables.meeting.c.status == "published", starts_at > now.strftime("%Y-%m-%dT%H:%M:%S")
    )
    rows = session.execute(ahead.order_by(starts_at, tables.meeting.c.id)).all()
    of_series = [row.id for row in rows if meeting.series and row.series == meeting.series]
    of_regions = [row.id for row in rows if not set(own).isdisjoint(row.regions)]
    for id_ in [*of_series, *of_regions][:_MOST_LOOKED_AT]:
        found = meeting_facts(session, id_)
        if found and found.visibility == "public" and is_open(found, now):
            return found
    return None
