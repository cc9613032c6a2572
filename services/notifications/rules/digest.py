"""The weekly list of new meetings: when it goes out, and which meetings are for whom."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.notifications.rules.campaigns import is_meant
from services.notifications.rules.guests import Wish, closing
from shared.events.catalog import Meeting
from shared.i18n.moments import HOME_ZONE

MOST_AT_ONCE = 30
"""How many meetings one list holds; more of them stand in the next."""

_HOME = ZoneInfo(HOME_ZONE)
_TUESDAY, _NINE = 1, time(9)


def next_digest(now: datetime) -> datetime:
    """The first Tuesday at 9.00 in Amsterdam after ``now`` (aware UTC)."""
    local = now.astimezone(_HOME)
    days = (_TUESDAY - local.weekday()) % 7
    moment = datetime.combine(local.date() + timedelta(days=days), _NINE, _HOME)
    if moment.astimezone(UTC) <= now:
        moment = datetime.combine(local.date() + timedelta(days=days + 7), _NINE, _HOME)
    return moment.astimezone(UTC)


def is_for(meeting: Meeting, wish: Wish, now: datetime) -> bool:
    """Whether the meeting belongs in the list of somebody with this wish: public, and one can still sign up."""
    if meeting.status != "published" or meeting.visibility != "public" or now >= closing(meeting):
        return False
    roles = {group.code for group in meeting.target_groups}
    is_for_role = not roles or wish.guest.target_group in roles or meeting.registration.other_roles
    return is_for_role and is_meant(wish.regions, [region.code for region in meeting.regions])
