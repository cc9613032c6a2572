"""What kind of file something is: said by its content, never by its name alone."""

from dataclasses import dataclass
from io import BytesIO
from types import MappingProxyType
from typing import Final
from zipfile import BadZipFile, ZipFile, ZipInfo, is_zipfile
from zlib import error as DeflateError  # noqa: N812  # it is an exception, and says so at its use

import filetype

from services.catalog.rules.archives import MOST_KEPT, is_bomb
from services.catalog.rules.files import MOST_BYTES, extension_of
from services.catalog.rules.flaws import Flaw, FlawedError
from shared.i18n import N_

_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_OPEN: Final = "application/vnd.oasis.opendocument."

TYPES: Final = MappingProxyType(
    {
        "application/pdf": ("pdf",),
        "image/png": ("png",),
        "image/jpeg": ("jpg", "jpeg"),
        "image/webp": ("webp",),
        f"{_OFFICE}presentationml.presentation": ("pptx",),
        f"{_OFFICE}spreadsheetml.sheet": ("xlsx",),
        f"{_OPEN}presentation": ("odp",),
        f"{_OPEN}spreadsheet": ("ods",),
    }
)
"""The media types that are taken, and how names of such files end; the first is how they go out."""

_MAIN_PARTS: Final = MappingProxyType(
    {
        "ppt/presentation.xml": f"{_OFFICE}presentationml.presentation",
        "xl/workbook.xml": f"{_OFFICE}spreadsheetml.sheet",
    }
)
_LONGEST_TYPE: Final = 100
_PROGRAMS: Final = ("vbaproject.bin", ".exe", ".dll", ".js", ".vbs")
_PROGRAM_FOLDERS: Final = ("basic/", "scripts/")


@dataclass(frozen=True)
class FileType:
    """A media type, and how the names of such files end."""

    media_type: str
    extension: str


def type_of(name: str, content: bytes) -> FileType:
    """What ``content`` is. Raises ``FlawedError`` beside ``file`` for what is not taken, and says why.

    Not taken: nothing at all, too much, other kinds, a name that says something else, two kinds in one (a picture that
    is an archive as well), programs, and what unpacks to very much. Nothing is unpacked here.
    """
    if not content:
        raise _refused("file-empty", N_("This file is empty."))
    if len(content) > MOST_BYTES:
        raise _refused("file-too-large", N_("This file is larger than 15 MB."))
    media_type = _packed(content) if content.startswith(b"PK") else _plain(content)
    extensions = TYPES.get(media_type or "")
    if not extensions or media_type is None:
        raise _refused("file-unknown", N_("This is no PDF, no slides (pptx, odp), no sheet (xlsx, ods), no picture."))
    if extension_of(name) not in extensions:
        reason = N_("Its content is that of a file that ends in .%(extension)s, and its name says something else.")
        raise FlawedError([Flaw("file", "file-name", reason, {"extension": extensions[0]})])
    return FileType(media_type, extensions[0])


def _plain(content: bytes) -> str | None:
    if is_zipfile(BytesIO(content)):
        raise _refused("file-two-kinds", N_("This file is of two kinds at once."))
    guessed: str | None = filetype.guess_mime(content)
    return guessed


def _packed(content: bytes) -> str | None:
    """What kind of document a ZIP is: that is said by its parts."""
    parts, said = _parts(content)
    names = {part.filename.lower() for part in parts}
    if is_bomb(len(content), parts, MOST_KEPT):
        raise _refused("file-bomb", N_("This file unpacks to more than a computer should bear."))
    if any(name.endswith(_PROGRAMS) or name.startswith(_PROGRAM_FOLDERS) for name in names):
        raise _refused("file-program", N_("This file holds a program, such as a macro. Save it without."))
    if "[content_types].xml" in names:
        return next((media_type for part, media_type in _MAIN_PARTS.items() if part in names), None)
    return said


def _parts(content: bytes) -> tuple[list[ZipInfo], str | None]:
    """The parts of a ZIP and, of an OpenDocument file, the media type that its first part says."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            if not parts or parts[0].filename != "mimetype":
                return parts, None
            with archive.open(parts[0]) as said:
                return parts, said.read(_LONGEST_TYPE).decode("ascii", "replace")
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, DeflateError) as broken:
        raise _refused("file-broken", N_("This file is broken: it cannot be opened.")) from broken


def _refused(code: str, reason: str) -> FlawedError:
    return FlawedError([Flaw("file", code, reason)])
