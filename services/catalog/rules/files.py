"""Files of meetings and knowledge: what may be one, what it is called, who gets it and from when."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final, Literal

from services.catalog.rules.flaws import Flaw
from shared.events.catalog import Texts
from shared.i18n import N_

OwnerKind = Literal["meeting", "knowledge"]
Audience = Literal["all", "participants"]
ShownFrom = Literal["now", "end"]

MOST_BYTES: Final = 15_000_000
MOST_FILES: Final = 20
PIECE: Final = 256 * 1024

_LONGEST_STEM: Final = 100
_NOT_IN_NAMES: Final = re.compile(r'[<>:"/\\|?*]+')
_PATH: Final = re.compile(r"[/\\]")
_NO_LETTERS: Final = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode's controls, such as the one that turns ``fdp.exe`` around, and what is no character at all."""


@dataclass(frozen=True, kw_only=True)
class FileDetails:
    """What an editor decides about a file. One for ``participants`` is reached by a signed link alone.

    ``shown_from`` is ``now``, or ``end``: of its meeting.
    """

    title: Texts
    audience: Audience = "all"
    shown_from: ShownFrom = "now"


@dataclass(frozen=True, kw_only=True)
class AttachedFile(FileDetails):
    """A file and what it hangs on; ``size`` in bytes."""

    id: str
    owner_kind: OwnerKind
    owner_id: str
    name: str
    media_type: str
    size: int
    added_at: datetime

    @property
    def version(self) -> str:
        """Another one after each change; it guards against lost updates."""
        said = (
            sorted(self.title.items()),
            self.audience,
            self.shown_from,
            self.name,
            self.size,
            self.added_at.timestamp(),
        )
        return sha256(repr(said).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class SentFile:
    """A file as it was sent: the ``name`` under which it came, and what is in it."""

    name: str
    content: bytes


def details_flaws(details: FileDetails, kind: OwnerKind) -> Iterator[Flaw]:
    """What cannot be said of a file of this kind of owner."""
    if kind == "knowledge":
        for name, value, only in (("audience", details.audience, "all"), ("shownFrom", details.shown_from, "now")):
            if value != only:
                yield Flaw(name, "file-for-everyone", N_("What hangs on knowledge is for everyone, at once."))


def safe_name(given: str, extension: str) -> str:
    """The name that a file goes out by: that under which it came, without folders, controls and signs of systems."""
    last = unicodedata.normalize("NFC", _PATH.split(given)[-1])
    plain = "".join(letter for letter in last if unicodedata.category(letter) not in _NO_LETTERS)
    stem = _NOT_IN_NAMES.sub(" ", plain.rpartition(".")[0] or plain).strip(" .")[:_LONGEST_STEM].strip(" .")
    return f"{stem or 'document'}.{extension}"


def extension_of(name: str) -> str:
    """What stands behind the last point of a name, in small letters; empty without one."""
    return name.rpartition(".")[2].strip().lower() if "." in name else ""


def is_shown(file: FileDetails, ends_at: datetime | None, now: datetime) -> bool:
    """Whether it is there at ``now`` for those whom it is for; ``ends_at``: of its meeting (aware), if it has one."""
    return file.shown_from == "now" or ends_at is None or now >= ends_at


def names_in_archive(files: list[AttachedFile]) -> list[str]:
    """A name for each file in an archive, no two alike in whatever capitals."""
    taken: set[str] = set()
    names = []
    for file in files:
        stem, _, extension = file.name.rpartition(".")
        name, number = file.name, 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem} ({number}).{extension}"
        taken.add(name.casefold())
        names.append(name)
    return names
