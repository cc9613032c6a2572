"""What registration tells: who takes part, how full a meeting is, and who may do what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from shared.events.contract import event, personal

Cause = Literal["participant", "organiser", "reply", "system", "meeting"]
Status = Literal[
    "unconfirmed",
    "requested",
    "rejected",
    "confirmed",
    "waitlisted",
    "offered",
    "declined",
    "expired",
    "cancelled",
    "attended",
    "no_show",
]


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who takes part. ``email`` as typed; None for someone registered at the door without one."""

    name: str = personal()
    email: str | None = personal()
    language: Literal["nl", "en"] = "nl"


@dataclass(frozen=True, kw_only=True)
class Registration:
    """One person's sign-up for one meeting, as it is now."""

    id: str
    meeting_id: str
    meeting_revision: int
    person: Person
    target_group: str
    status: Status
    cause: Cause
    link_version: int
    kind: Literal["participant", "speaker", "team"] = "participant"
    attendance: Literal["venue", "online"] = "venue"
    organisation: str = personal(default="")
    organisation_id: str | None = None
    place: int | None = None
    place_in_group: int | None = None
    offer_until: datetime | None = None
    invitation_id: str | None = None
    asked_at: datetime | None = None


@event(
    "registration.confirmed",
    by="registration",
    aggregate="registration",
    key="registration.id",
    carries_state=True,
)
@dataclass(frozen=True, kw_only=True)
class RegistrationConfirmed:
    """The person has a seat."""

    registration: Registration


@event(
    "registration.waitlisted",
    by="registration",
    aggregate="registration",
    key="registration.id",
    carries_state=True,
)
@dataclass(frozen=True, kw_only=True)
class RegistrationWaitlisted:
    """The person waits; ``registration.place`` says where."""

    registration: Registration


@event(
    "registration.cancelled",
    by="registration",
    aggregate="registration",
    key="registration.id",
    carries_state=True,
)
@dataclass(frozen=True, kw_only=True)
class RegistrationCancelled:
    """The person does not come, or no longer waits; ``registration.cause`` says whose act it was."""

    registration: Registration


@event("registration.repeated", by="registration", aggregate="registration", key="registration.id")
@dataclass(frozen=True, kw_only=True)
class RegistrationRepeated:
    """Someone signed up with an address that is registered already: nothing changed, the mail says what is true."""

    registration: Registration


@dataclass(frozen=True, kw_only=True)
class GroupSeats:
    """Seats of one target group; ``free`` is how many more the seat rule would admit now."""

    taken: int
    reserved: int
    maximum: int
    waiting: int
    free: int


@event("seats.changed", by="registration", aggregate="meeting", key="meeting_id", carries_state=True)
@dataclass(frozen=True, kw_only=True)
class SeatsChanged:
    """How full a meeting is; coalesced, the latest counts."""

    meeting_id: str
    capacity: int
    taken: int
    free: int
    waiting: int
    over_plan: int = 0
    target_groups: Mapping[str, GroupSeats] = field(default_factory=dict)


@event("access.changed", by="registration", aggregate="grant", key="id", carries_state=True)
@dataclass(frozen=True, kw_only=True)
class AccessChanged:
    """A key or a session and what it opens. Only the hash of its secret travels."""

    id: str
    kind: Literal["key", "session"]
    secret_hash: str
    role: Literal["manager", "organiser", "helper", "auditor"]
    person_id: str
    regions: tuple[str, ...] = ()
    meeting_id: str | None = None
    revoked: bool = False
    valid_until: datetime | None = None


@event("link.requested", by="registration", aggregate="link", key="id")
@dataclass(frozen=True, kw_only=True)
class LinkRequested:
    """Someone who may have it asked for a fresh link by mail. The link itself never travels: its mailer signs it."""

    id: str
    purpose: Literal["sign-in", "my-data"]
    valid_until: datetime
    email: str = personal()
    language: Literal["nl", "en"] = "nl"
