"""Feeds to subscribe to: a head, the kept entries, a foot (calendar rules 23-26); for calendars, and for news readers.

A feed can only be another one after the catalogue's version rose or a day began; until then it comes from memory.
"""

from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock
from urllib.parse import urlencode

from cachetools import LRUCache
from sqlalchemy.orm import Session

from services.catalog import queries
from services.catalog.feeds.newest import Newest
from services.catalog.feeds.shelf import Shelf
from services.catalog.queries import CatalogueVersion
from services.catalog.queries.feeds import Form, kept_entry
from services.catalog.queries.merged import widened
from services.catalog.rules import atom
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.entry import DAYS_BACK_CANCELLED
from services.catalog.rules.filters import CODED, Filters
from services.catalog.rules.meeting import in_language
from shared.calendar import feed
from shared.calendar.fetched import Calendar, calendar_of, joined
from shared.calendar.window import window
from shared.calendar.zones import AMSTERDAM, day_begins_at, zone_named
from shared.db.transaction import Database
from shared.i18n import gettext as _

_MOST_BYTES = 64 * 1024 * 1024


def file_of(session: Session, meeting_id: str, language: str, changed_at: datetime) -> Calendar | None:
    """The file of one meeting (calendar rule 26); None for a draft."""
    entry = kept_entry(session, meeting_id, language)
    return None if entry is None else calendar_of(feed.single(entry), changed_at)


@dataclass(frozen=True)
class Edition:
    """What decides whether a feed can be another one: how far the catalogue is, and which day it is in Amsterdam."""

    version: CatalogueVersion
    today: date

    @property
    def changed_at(self) -> datetime:
        """Since when (aware UTC) a feed of this edition may be another one; moves only forward."""
        return max(self.version.changed_at, day_begins_at(self.today))


class Feeds:
    """All feeds of one process, with the latest of them in memory: so many bytes, however many filters there are.

    ``author`` is who news readers say it is by.
    """

    def __init__(self, database: Database, addresses: Addresses, newest: Newest, author: str) -> None:
        self._database = database
        self._author = author
        self._addresses = addresses
        self._newest = newest
        self._version = CatalogueVersion(0, database.clock())
        self._built: LRUCache[tuple[object, ...], Calendar] = LRUCache(
            _MOST_BYTES, getsizeof=lambda each: len(each.body) + len(each.zipped)
        )
        self._shelves: dict[tuple[Form, str], Shelf] = {}
        self._building = Lock()

    def edition(self) -> Edition:
        """The newest one: asks the database and the clock, whatever is in memory."""
        number, version = self._newest.numbers().version, self._version
        if number != version.version:
            with self._database.reading() as session:
                self._version = version = queries.catalogue_version(session)
        return Edition(version, self._database.clock().astimezone(zone_named(AMSTERDAM)).date())

    def feed(self, form: Form, filters: Filters, language: str, edition: Edition) -> Calendar:
        """The feed with these filters in this ``edition``, for calendars or for news readers.

        Who asks for the same at the same time waits: it is made once.
        """
        key = (form, filters, language, edition)
        with self._building:
            found = self._built.get(key)
            if found is None:
                found = self._build(form, filters, language, edition)
                if self._built.getsizeof(found) <= self._built.maxsize:
                    self._built[key] = found
        return found

    def _build(self, form: Form, filters: Filters, language: str, edition: Edition) -> Calendar:
        part, changed_at = window(edition.today, DAYS_BACK_CANCELLED), edition.changed_at
        shelf = self._shelves.setdefault((form, language), Shelf(form, language))
        with self._database.reading() as session:
            shelf.follow(session, edition.version.version, part)
            asked = widened(session, filters)
            words = [_word(session, name, code, language) for name, code in filters.codes]
        around = self._around_calendar if form == "body" else self._around_news
        head, foot = around(
            ": ".join([_("Meetings"), *filter(None, [", ".join(words)])]), filters, language, changed_at
        )
        return joined(head, shelf.chosen(asked), foot, changed_at)

    def _around_calendar(
        self, name: str, filters: Filters, language: str, _changed_at: datetime
    ) -> tuple[bytes, bytes]:
        description = _("Meetings of the network. Calendar programs fetch changes by themselves.")
        return feed.feed_around(name, description, self._addresses.feed(_query(filters, language)))

    def _around_news(self, name: str, filters: Filters, language: str, changed_at: datetime) -> tuple[bytes, bytes]:
        query = _query(filters, language)
        address = self._addresses.atom(query)
        head = atom.Head(
            id=address,
            language=language,
            title=name,
            subtitle=_("Meetings of the network, and what changed in them."),
            updated_at=changed_at,
            author=self._author,
            links=(atom.Link(address, "self", "application/atom+xml"), atom.Link(self._addresses.meetings(query))),
        )
        return atom.around(head)


def _query(filters: Filters, language: str) -> str:
    return urlencode([*filters.codes, *([] if language == "nl" else [("lang", language)])])


def _word(session: Session, name: str, code: str, language: str) -> str:
    """What people call a code; a series is called what it is."""
    labels = queries.labels(session, CODED[name], [code])
    return in_language(labels[0].labels, language) if labels else code
