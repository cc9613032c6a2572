"""Files on their way out: to be saved, never shown by a browser as a page of ours."""

from urllib.parse import quote

from flask import Response
from zipstream import ZipStream

from services.catalog.queries.files import pieces
from services.catalog.rules.files import AttachedFile, names_in_archive
from shared.db.transaction import Database
from shared.web.problems import Problem

_ALONE = {
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}
"""Whatever a browser makes of a file, it may run nothing and ask nothing."""


def given(database: Database, file: AttachedFile) -> Response:
    """The file, piece by piece."""
    response = Response(pieces(database, file.id), content_type=file.media_type)
    response.content_length = file.size
    return _as_attachment(response, file.name)


def packed(database: Database, name: str, files: list[AttachedFile]) -> Response:
    """One archive, called ``name``, packed while it is sent. Raises ``Problem`` 404 without files."""
    if not files:
        raise Problem(404)
    archive = ZipStream(sized=True)
    for file, name_in_it in zip(files, names_in_archive(files), strict=True):
        archive.add(pieces(database, file.id), name_in_it, size=file.size)
    response = Response(iter(archive), content_type="application/zip")
    response.content_length = len(archive)
    return _as_attachment(response, name)


def _as_attachment(response: Response, name: str) -> Response:
    """To be saved under ``name``: said twice, for all and for who reads RFC 6266, section 4.3."""
    plain = "".join(sign if sign.isascii() and sign not in '"\\%' else "_" for sign in name)
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    response.headers.update({**_ALONE, "Content-Disposition": disposition})
    return response
