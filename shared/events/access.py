"""What registration tells of access: who may do what, and who asked for a link."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.events.contract import event, personal
from shared.people.roles import GivenRole


@event("access.changed", by="registration", aggregate="grant", key="id", carries_state=True, whose="known_as")
@dataclass(frozen=True, kw_only=True)
class AccessChanged:
    """A key or a session and what it opens. Only the hash of its secret travels.

    ``known_as`` is what other organisers know the person or the key by; empty where it did not change. ``scopes``
    narrow what the role may do; without any it is all of that.
    """

    id: str
    kind: Literal["key", "session"]
    secret_hash: str
    role: GivenRole
    person_id: str
    regions: tuple[str, ...] = ()
    meeting_id: str | None = None
    revoked: bool = False
    valid_until: datetime | None = None
    known_as: str = personal(default="")
    scopes: tuple[str, ...] = ()


@event("link.requested", by="registration", aggregate="link", key="id", whose="email")
@dataclass(frozen=True, kw_only=True)
class LinkRequested:
    """Someone who may have it asked for a fresh link by mail. The link itself never travels: its mailer signs it.

    ``reader`` says whose way in it is, where it is one to sign in.
    """

    id: str
    purpose: Literal["sign-in", "my-data"]
    valid_until: datetime
    email: str = personal()
    language: Literal["nl", "en"] = "nl"
    reader: Literal["organiser", "participant"] = "organiser"
