"""What registration tells: who takes part.

How full a meeting is, who may do what and what is written to people is told in modules of their own, and known by its
names here too.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal

from shared.events.access import AccessChanged, LinkRequested
from shared.events.contract import event, personal
from shared.events.messages import ListDelivered, MessageWritten
from shared.events.people import Person
from shared.events.seats import Attendance, AttendanceCounted, GroupSeats, OnlineSeats, SeatsChanged, SessionSeats
from shared.events.stories import StoryTold

__all__ = [
    "AcceptanceRefused",
    "AccessChanged",
    "Attendance",
    "AttendanceCounted",
    "Cause",
    "GroupSeats",
    "LinkRequested",
    "ListDelivered",
    "MessageWritten",
    "OnlineSeats",
    "Person",
    "Registration",
    "RegistrationCancelled",
    "RegistrationChanged",
    "RegistrationConfirmed",
    "RegistrationDeclined",
    "RegistrationExpired",
    "RegistrationOffered",
    "RegistrationRejected",
    "RegistrationRepeated",
    "RegistrationRequested",
    "RegistrationUnconfirmed",
    "RegistrationWaitlisted",
    "SeatsChanged",
    "SeriesJoined",
    "SessionSeat",
    "SessionSeats",
    "Status",
    "StoryTold",
    "TransferProposed",
]

_standing = partial(
    event,
    by="registration",
    aggregate="registration",
    key="registration.id",
    carries_state=True,
    whose="registration.person.email",
)

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
class SessionSeat:
    """A part of the programme that someone chose: with a seat, or at ``place`` 1…n of its waiting list."""

    id: str
    status: Literal["confirmed", "waitlisted"]
    place: int | None = None


@dataclass(frozen=True, kw_only=True)
class Registration:
    """One person's sign-up for one meeting, as it is now.

    ``companion`` counts the people who share one mailbox: 1 is whose address it is. ``waits_for`` says which place
    is still awaited: ``seat``, one of the seat plan, also by someone who takes part online until then, or ``online``.
    All who wait for the same stand in the order of ``queue_number``; ``place`` was so when it was told.
    ``passed_on``: the seat that was given up went to someone who waited, in the same moment;
    ``handed_over``: it is a colleague's now, as the person wanted.
    ``copy_to`` is the address of whoever signed this person up and wants a plain copy; it tells no more than they said
    themselves, so ``copy_name`` and ``copy_language`` are as they said them. ``in_series``: they signed up for more
    meetings in one go, which is known by ``series_post``, so ``series.joined`` follows. That and the copy are told of a
    sign-up once, and not again later.
    """

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
    companion: int = 1
    waits_for: Literal["seat", "online"] | None = None
    sessions: tuple[SessionSeat, ...] = ()
    passed_on: bool = False
    handed_over: bool = False
    copy_to: str | None = personal(default=None)
    copy_name: str = personal(default="")
    copy_language: Literal["nl", "en"] = "nl"
    queue_number: int | None = None
    in_series: bool = False
    series_post: str | None = None


@_standing("registration.unconfirmed")
@dataclass(frozen=True, kw_only=True)
class RegistrationUnconfirmed:
    """The person signed up where a click in the mail has to confirm it; there is no seat before."""

    registration: Registration


@_standing("registration.requested")
@dataclass(frozen=True, kw_only=True)
class RegistrationRequested:
    """The person asked to take part, and an organiser decides."""

    registration: Registration


@_standing("registration.rejected")
@dataclass(frozen=True, kw_only=True)
class RegistrationRejected:
    """An organiser decided that this person does not take part; ``reason`` in the organiser's words, for the mail."""

    registration: Registration
    reason: str = personal(default="")


@_standing("registration.confirmed")
@dataclass(frozen=True, kw_only=True)
class RegistrationConfirmed:
    """The person has a seat."""

    registration: Registration


@_standing("registration.waitlisted")
@dataclass(frozen=True, kw_only=True)
class RegistrationWaitlisted:
    """The person waits; ``registration.place`` says where."""

    registration: Registration


@_standing("registration.offered")
@dataclass(frozen=True, kw_only=True)
class RegistrationOffered:
    """A seat is held for the person until ``registration.offer_until``."""

    registration: Registration


@_standing("registration.declined")
@dataclass(frozen=True, kw_only=True)
class RegistrationDeclined:
    """The person did not want the offered seat, and is off the list."""

    registration: Registration


@_standing("registration.expired")
@dataclass(frozen=True, kw_only=True)
class RegistrationExpired:
    """The offer was not answered in time, and the person is off the list."""

    registration: Registration


@_standing("registration.changed")
@dataclass(frozen=True, kw_only=True)
class RegistrationChanged:
    """Something else than the standing changed: name, role, sessions, where someone takes part, who came."""

    registration: Registration


@_standing("registration.cancelled")
@dataclass(frozen=True, kw_only=True)
class RegistrationCancelled:
    """The person does not come, or no longer waits; ``registration.cause`` says whose act it was."""

    registration: Registration


@event(
    "registration.repeated",
    by="registration",
    aggregate="registration",
    key="registration.id",
    whose="registration.person.email",
)
@dataclass(frozen=True, kw_only=True)
class RegistrationRepeated:
    """Someone signed up with an address that is registered already: nothing changed, the mail says what is true."""

    registration: Registration


@event("acceptance.refused", by="registration", aggregate="meeting", key="meeting_id")
@dataclass(frozen=True, kw_only=True)
class AcceptanceRefused:
    """Someone accepted an invitation in their calendar, and there is no seat for them and no place to wait.

    ``reason`` is the seat rule's or the meeting's: ``full``, ``closed``, ``not-eligible``, ``meeting-cancelled`` …
    """

    meeting_id: str
    invitation_id: str
    reason: str
    registration_id: str | None = None


@event("series.joined", by="registration", aggregate="series-sign-up", key="id", whose="person.email")
@dataclass(frozen=True, kw_only=True)
class SeriesJoined:
    """Someone signed up for several meetings of a series in one go; these are all that came of it, in their order."""

    id: str
    series: str
    person: Person
    registration_ids: tuple[str, ...]


@event("transfer.proposed", by="registration", aggregate="registration", key="registration_id", whose="to.email")
@dataclass(frozen=True, kw_only=True)
class TransferProposed:
    """Someone wants to hand their seat over. Until the colleague accepts, by the link that is mailed, it stays theirs.

    ``id`` and ``version`` are what that link is a signature over.
    """

    id: str
    version: int
    registration_id: str
    meeting_id: str
    to: Person
    by_name: str = personal()
    valid_until: datetime
    target_group: str = ""
