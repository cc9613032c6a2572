"""Where catalog's public pages are found from outside."""

from dataclasses import dataclass
from typing import Final

from shared.people.links import Links

FILE: Final = "participants-file"
ARCHIVE: Final = "participants-archive"
"""What links to them are signed for."""


@dataclass(frozen=True)
class Addresses:
    """All addresses are absolute, under ``base_url`` (``https://kring.example``, no slash at the end).

    ``keys`` sign the addresses that are for participants alone: the first signs, all verify.
    """

    base_url: str
    keys: tuple[str, ...] = ()

    def meeting(self, slug: str) -> str:
        """The page of one meeting."""
        return f"{self.base_url}/meetings/{slug}"

    def stories(self) -> str:
        """The list of stories."""
        return f"{self.base_url}/stories"

    def sign_up(self, slug: str) -> str:
        """Where one signs up for it."""
        return f"{self.base_url}/registration/meetings/{slug}"

    def file(self, file_id: str) -> str:
        """A file that everyone may have."""
        return f"{self.base_url}/files/{file_id}"

    def file_for_participants(self, file_id: str) -> str:
        """A file, for whoever was sent this address."""
        return f"{self.base_url}/files/for-participants/{Links(self.keys).sign(FILE, file_id)}"

    def archive_for_participants(self, meeting_id: str) -> str:
        """All files of a meeting in one, for whoever was sent this address."""
        return f"{self.base_url}/files/archive/{Links(self.keys).sign(ARCHIVE, meeting_id)}"

    def feed(self, query: str) -> str:
        """The feed with the filters of ``query`` (``region=PV28&lang=en``; may be empty), to copy."""
        return f"{self.base_url}/calendar.ics{'?' if query else ''}{query}"

    def atom(self, query: str) -> str:
        """The same feed for a news reader."""
        return f"{self.base_url}/calendar.atom{'?' if query else ''}{query}"

    def meetings(self, query: str) -> str:
        """The list with the filters of ``query``."""
        return f"{self.base_url}/meetings{'?' if query else ''}{query}"
