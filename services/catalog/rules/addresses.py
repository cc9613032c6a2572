"""Where catalog's public pages are found from outside."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Addresses:
    """All addresses are absolute, under ``base_url`` (``https://kring.example``, no slash at the end)."""

    base_url: str

    def meeting(self, slug: str) -> str:
        """The page of one meeting."""
        return f"{self.base_url}/meetings/{slug}"

    def stories(self) -> str:
        """The list of stories."""
        return f"{self.base_url}/stories"

    def sign_up(self, slug: str) -> str:
        """Where one signs up for it."""
        return f"{self.base_url}/registration/meetings/{slug}"

    def feed(self, query: str) -> str:
        """The feed with the filters of ``query`` (``region=PV28&lang=en``; may be empty), to copy."""
        return f"{self.base_url}/calendar.ics{'?' if query else ''}{query}"

    def atom(self, query: str) -> str:
        """The same feed for a news reader."""
        return f"{self.base_url}/calendar.atom{'?' if query else ''}{query}"

    def meetings(self, query: str) -> str:
        """The list with the filters of ``query``."""
        return f"{self.base_url}/meetings{'?' if query else ''}{query}"
