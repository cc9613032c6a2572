"""Where mail leaves the house: a folder or a mail server."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol


@dataclass(frozen=True)
class Envelope:
    """What the mail server is told: who gets reports, and the one recipient."""

    sender: str
    recipient: str


class RefusedError(Exception):
    """The mail will never be taken: trying again is no use."""


class NobodyThereError(RefusedError):
    """No mail to this recipient will be taken: the address does not work."""


class NotNowError(Exception):
    """The mail was not taken, or we can't know whether it was: try again later."""


class AwayError(NotNowError):
    """No mail at all is taken now."""


class Outlet(Protocol):
    """Takes over responsibility for a mail, or raises ``RefusedError`` or ``NotNowError``."""

    @property
    def longest(self) -> timedelta:
        """How long a delivery can take: who was not done by then has died."""

    def deliver(self, envelope: Envelope, message_id: str, source: bytes) -> None:
        """Take ``source``, a complete mail (RFC 5322)."""

    def probe(self) -> None:
        """See whether mail would be taken now, without any. Raises ``AwayError``."""

    def rest(self) -> None:
        """There is no more mail for now: let go of what is held."""
