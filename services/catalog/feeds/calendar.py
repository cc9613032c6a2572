"""Calendars to subscribe to: a head, the kept entries, a foot (calendar rules 23-26).

A feed can only be another one after the catalogue's version rose or a day began; until then it comes from memory.
"""

from datetime import date, datetime
from functools import lru_cache
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from services.catalog import queries
from services.catalog.queries import CatalogueVersion
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.entry import DAYS_BACK_CANCELLED
from services.catalog.rules.filters import CODED, Filters, Vocabulary
from services.catalog.rules.meeting import in_language
from shared.calendar import feed
from shared.calendar.fetched import Calendar, calendar_of
from shared.calendar.window import window
from shared.calendar.zones import AMSTERDAM, day_begins_at, zone_named
from shared.db.transaction import Database
from shared.i18n import gettext as _

_KEPT_IN_MEMORY = 64


def file_of(session: Session, meeting_id: str, language: str, changed_at: datetime) -> Calendar | None:
    """The file of one meeting (calendar rule 26); None for a draft."""
    entry = queries.kept_entry(session, meeting_id, language)
    return None if entry is None else calendar_of(feed.single(entry), changed_at)


class Feeds:
    """All feeds of one process, with the latest of them in memory."""

    def __init__(self, database: Database, addresses: Addresses) -> None:
        self._database = database
        self._addresses = addresses
        self._known = lru_cache(maxsize=1)(self._read_vocabulary)
        self._built = lru_cache(maxsize=_KEPT_IN_MEMORY)(self._build)

    def version(self) -> CatalogueVersion:
        """How far the catalogue is: the one question that each request asks the database."""
        with self._database.reading() as session:
            return queries.catalogue_version(session)

    def vocabulary(self, version: CatalogueVersion) -> Vocabulary:
        """The codes by which feeds can be filtered."""
        return self._known(version)

    def calendar(self, filters: Filters, language: str, version: CatalogueVersion) -> Calendar:
        """The feed with these filters, as it is now."""
        today = self._database.clock().astimezone(zone_named(AMSTERDAM)).date()
        return self._built(filters, language, version, today)

    def _read_vocabulary(self, _version: CatalogueVersion) -> Vocabulary:
        with self._database.reading() as session:
            return queries.vocabulary(session)

    def _build(self, filters: Filters, language: str, version: CatalogueVersion, today: date) -> Calendar:
        with self._database.reading() as session:
            entries = queries.feed_entries(session, filters, language, window(today, DAYS_BACK_CANCELLED))
            words = [_word(session, name, code, language) for name, code in filters.codes]
        name = ": ".join(part for part in (_("Meetings"), ", ".join(words)) if part)
        query = urlencode([*filters.codes, *([] if language == "nl" else [("lang", language)])])
        description = _("Meetings of the network. Calendar programs fetch changes by themselves.")
        body = feed.feed(name, description, self._addresses.feed(query), entries)
        return calendar_of(body, max(version.changed_at, day_begins_at(today)))


def _word(session: Session, name: str, code: str, language: str) -> str:
    """What people call a code; a series is called what it is."""
    labels = queries.labels(session, CODED[name], [code])
    return in_language(labels[0].labels, language) if labels else code
