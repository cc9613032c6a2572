"""Files of meetings and knowledge, given out as such: never shown by the browser as a page of ours."""

from dataclasses import dataclass

from babel.numbers import format_decimal
from flask import Blueprint, Response

from services.catalog.forms.given_files import given, packed
from services.catalog.queries import meeting_by_id, meeting_by_slug
from services.catalog.queries.file_owners import owner_by_id
from services.catalog.queries.files import file_by_id, files_for
from services.catalog.rules.addresses import ARCHIVE, FILE, Addresses
from services.catalog.rules.file_owners import may_have
from services.catalog.rules.files import is_shown
from services.catalog.rules.reach import may_see
from shared.db.transaction import Database
from shared.i18n import current_translator
from shared.people.links import BadLink, Links
from shared.web.access import current_actor, verb
from shared.web.problems import Problem

_MEGABYTE = 1_000_000


def file_pages(database: Database, addresses: Addresses) -> Blueprint:
    """``/files/…`` and ``/meetings/{slug}/files.zip``."""
    pages = Blueprint("files", __name__)
    pages.add_app_template_filter(size_text, "file_size")
    shelf = _Shelf(database, Links(addresses.keys))

    @pages.get("/files/<file_id>")
    @verb("page.read")
    def one(file_id: str) -> Response:
        return shelf.one(file_id)

    @pages.get("/files/for-participants/<token>")
    @verb("page.read")
    def for_participants(token: str) -> Response:
        return shelf.for_participants(token)

    @pages.get("/meetings/<slug>/files.zip")
    @verb("page.read")
    def archive(slug: str) -> Response:
        return shelf.archive(slug)

    @pages.get("/files/archive/<token>")
    @verb("page.read")
    def archive_for_participants(token: str) -> Response:
        return shelf.archive_for_participants(token)

    return pages


def size_text(size: int) -> str:
    """``350 kB``, ``1,4 MB``: a number of bytes as people say it, in the language spoken now."""
    if size < _MEGABYTE:
        return f"{max(1, size // 1000)} kB"
    return f"{format_decimal(round(size / _MEGABYTE, 1), locale=current_translator().language)} MB"


@dataclass(frozen=True)
class _Shelf:
    """Gives out what someone may have; anything else is not there, also for who guesses its address."""

    database: Database
    links: Links

    def one(self, file_id: str) -> Response:
        with self.database.reading() as session:
            file = file_by_id(session, file_id)
            owner = owner_by_id(session, file.owner_kind, file.owner_id) if file else None
            if file is None or owner is None or not may_have(current_actor(), file, owner, self.database.clock()):
                raise Problem(404)
        return given(self.database, file)

    def for_participants(self, token: str) -> Response:
        """A file for whoever was sent the link, if its time has come."""
        with self.database.reading() as session:
            file = file_by_id(session, self._subject(token, FILE))
            meeting = meeting_by_id(session, file.owner_id) if file else None
            if file is None or meeting is None or not is_shown(file, meeting.ends_at, self.database.clock()):
                raise Problem(404)
        return given(self.database, file)

    def archive(self, slug: str) -> Response:
        with self.database.reading() as session:
            meeting = meeting_by_slug(session, slug)
            if meeting is None or not may_see(current_actor(), meeting):
                raise Problem(404, "meeting-unknown")
            files = files_for(session, meeting, {"all"}, self.database.clock())
        return packed(self.database, f"{meeting.slug}.zip", files)

    def archive_for_participants(self, token: str) -> Response:
        """All files of a meeting for whoever was sent the link."""
        with self.database.reading() as session:
            meeting = meeting_by_id(session, self._subject(token, ARCHIVE))
            if meeting is None:
                raise Problem(404)
            files = files_for(session, meeting, {"all", "participants"}, self.database.clock())
        return packed(self.database, f"{meeting.slug}.zip", files)

    def _subject(self, token: str, purpose: str) -> str:
        """What a signed link is about. Raises ``Problem`` 404."""
        try:
            return self.links.read(token, purpose).subject
        except BadLink as error:
            raise Problem(404) from error
