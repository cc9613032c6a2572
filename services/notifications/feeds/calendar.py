"""A person's own meetings as a calendar to subscribe to (calendar rules 23-26).

It can only be another one after the version of the feed rose or a day began; until then it comes from memory.
"""

from datetime import date, datetime
from functools import lru_cache

from services.notifications.feeds.entry import own_entry
from services.notifications.queries.feeds import feed_behind, own_registrations
from services.notifications.rules.own_meeting import DAYS_BACK_CANCELLED, is_shown, state_of
from shared.calendar import feed
from shared.calendar.fetched import Calendar, calendar_of
from shared.calendar.window import window
from shared.calendar.zones import AMSTERDAM, day_begins_at, zone_named
from shared.db.transaction import Database
from shared.i18n import Language
from shared.i18n import gettext as _

_KEPT_IN_MEMORY = 256


class PersonalFeeds:
    """All personal feeds, with the latest of this process in memory."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._built = lru_cache(maxsize=_KEPT_IN_MEMORY)(self._build)

    def calendar(self, secret: str, language: Language) -> Calendar | None:
        """The feed whose address holds this secret, in the language spoken now; None where it opens nothing."""
        with self._database.reading() as session:
            found = feed_behind(session, secret)
        if found is None:
            return None
        today = self._database.clock().astimezone(zone_named(AMSTERDAM)).date()
        return self._built(found.address, found.version, found.changed_at, language, today)

    def _build(self, address: str, _version: int, changed_at: datetime, _language: Language, today: date) -> Calendar:
        shown = window(today, DAYS_BACK_CANCELLED)
        with self._database.reading() as session:
            found = own_registrations(session, address)
        entries = [
            own_entry(own, state, changed_at)
            for own in sorted(found, key=lambda own: (own.meeting.starts_at, own.registration.id))
            if is_shown(shown, own.meeting) and (state := state_of(own.meeting, own.registration))
        ]
        description = _("The meetings you signed up for. Calendar programs fetch changes by themselves.")
        body = feed.feed(_("My meetings"), description, None, entries)
        return calendar_of(body, max(changed_at, day_begins_at(today)))
