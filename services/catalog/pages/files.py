"""Files of meetings and knowledge, given out as such: never shown by the browser as a page of ours."""

from dataclasses import dataclass
from urllib.parse import quote

from babel.numbers import format_decimal
from flask import Blueprint, Response
from sqlalchemy.orm import Session
from zipstream import ZipStream

from services.catalog.queries import meeting_by_id, meeting_by_slug
from services.catalog.queries.files import file_by_id, files_for, pieces
from services.catalog.queries.knowledge import item_by_id
from services.catalog.rules.addresses import ARCHIVE, FILE, Addresses
from services.catalog.rules.files import AttachedFile, is_shown, names_in_archive
from services.catalog.rules.meeting import Meeting
from services.catalog.rules.reach import may_see, thing_of
from shared.db.transaction import Database
from shared.i18n import current_translator
from shared.people.links import BadLink, Links
from shared.people.roles import may
from shared.web.access import current_actor, verb
from shared.web.problems import Problem

_MEGABYTE = 1_000_000
_ALONE = {"Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff"}
"""Whatever a browser makes of a file, it may run nothing and ask nothing."""


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
            if file is None or not self._may_have(session, file):
                raise Problem(404)
        return self._given(file)

    def for_participants(self, token: str) -> Response:
        """A file for whoever was sent the link, if its time has come."""
        with self.database.reading() as session:
            file = file_by_id(session, self._subject(token, FILE))
            meeting = meeting_by_id(session, file.owner_id) if file else None
            if file is None or meeting is None or not is_shown(file, meeting.ends_at, self.database.clock()):
                raise Problem(404)
        return self._given(file)

    def archive(self, slug: str) -> Response:
        with self.database.reading() as session:
            meeting = meeting_by_slug(session, slug)
            if meeting is None or not may_see(current_actor(), meeting):
                raise Problem(404, "meeting-unknown")
            files = files_for(session, meeting, {"all"}, self.database.clock())
        return self._packed(meeting, files)

    def archive_for_participants(self, token: str) -> Response:
        """All files of a meeting for whoever was sent the link."""
        with self.database.reading() as session:
            meeting = meeting_by_id(session, self._subject(token, ARCHIVE))
            if meeting is None:
                raise Problem(404)
            files = files_for(session, meeting, {"all", "participants"}, self.database.clock())
        return self._packed(meeting, files)

    def _subject(self, token: str, purpose: str) -> str:
        """What a signed link is about. Raises ``Problem`` 404."""
        try:
            return self.links.read(token, purpose).subject
        except BadLink as error:
            raise Problem(404) from error

    def _may_have(self, session: Session, file: AttachedFile) -> bool:
        """Whether whoever asks may have the file without a link; organisers may have every one that they can change."""
        actor = current_actor()
        if file.owner_kind == "knowledge":
            item = item_by_id(session, file.owner_id)
            return item is not None and (not item.is_draft or may(actor, "draft.read"))
        meeting = meeting_by_id(session, file.owner_id)
        if meeting is None or not may_see(actor, meeting):
            return False
        is_for_all = file.audience == "all" and is_shown(file, meeting.ends_at, self.database.clock())
        return is_for_all or may(actor, "draft.read", thing_of(meeting))

    def _given(self, file: AttachedFile) -> Response:
        response = Response(pieces(self.database, file.id), content_type=file.media_type)
        response.content_length = file.size
        return _as_attachment(response, file.name)

    def _packed(self, meeting: Meeting, files: list[AttachedFile]) -> Response:
        """One archive, packed while it is sent. Raises ``Problem`` 404 without files."""
        if not files:
            raise Problem(404)
        packed = ZipStream(sized=True)
        for file, name in zip(files, names_in_archive(files), strict=True):
            packed.add(pieces(self.database, file.id), name, size=file.size)
        response = Response(iter(packed), content_type="application/zip")
        response.content_length = len(packed)
        return _as_attachment(response, f"{meeting.slug}.zip")


def _as_attachment(response: Response, name: str) -> Response:
    """To be saved under ``name``: said twice, for all and for who reads RFC 6266, section 4.3."""
    plain = "".join(sign if sign.isascii() and sign not in '"\\%' else "_" for sign in name)
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    response.headers.update({**_ALONE, "Content-Disposition": disposition})
    return response
