"""What notifications tells: what people were told, and what they answered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.events.contract import event, personal
from shared.events.people import Person
from shared.events.sparring import Side


@event("invitation.sent", by="notifications", aggregate="invitation", key="invitation_id", carries_state=True)
@dataclass(frozen=True, kw_only=True)
class InvitationSent:
    """A calendar object was told to one recipient. Registration remembers it, so that notifications can be rebuilt.

    Whoever is invited without being signed up has no ``registration_id``.
    """

    invitation_id: str
    registration_id: str | None = None
    sequence: int
    method: Literal["REQUEST", "CANCEL"]
    sent_at: datetime


@event("address.bounced", by="notifications", aggregate="address", key="address_id", carries_state=True)
@dataclass(frozen=True, kw_only=True)
class AddressBounced:
    """Mail to an address does not arrive since then: it was refused for good, or came back.

    ``address_id`` is an id of ours, not the address; the registrations are all that have it.
    """

    address_id: str
    registration_ids: tuple[str, ...]
    since: datetime


@event("address.restored", by="notifications", aggregate="address", key="address_id", carries_state=True)
@dataclass(frozen=True, kw_only=True)
class AddressRestored:
    """Mail to an address arrives again."""

    address_id: str
    registration_ids: tuple[str, ...]
    restored_at: datetime


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What one person answered to an invitation, in their calendar or with a button.

    ``answered_at`` is when we received it. Whoever was invited without being signed up has no ``registration_id``; then
    ``person``, ``target_group`` and ``organisation`` say who signs up by accepting. An answer to an invitation for two
    has a ``side``: whose it is; ``meeting_id`` is then the id of the ``sparring``.
    """

    invitation_id: str
    meeting_id: str
    answered_at: datetime
    registration_id: str | None = None
    person: Person | None = None
    target_group: str = ""
    organisation: str = personal(default="")
    organisation_id: str | None = None
    side: Side | None = None


@event(
    "invitation.accepted",
    by="notifications",
    aggregate="invitation",
    key="reply.invitation_id",
    whose="reply.person.email",
)
@dataclass(frozen=True, kw_only=True)
class InvitationAccepted:
    """The person comes: takes the offered seat, signs up, or confirms the seat they have."""

    reply: Reply


@event(
    "invitation.tentative",
    by="notifications",
    aggregate="invitation",
    key="reply.invitation_id",
    whose="reply.person.email",
)
@dataclass(frozen=True, kw_only=True)
class InvitationTentative:
    """The person may come: keeps the seat they have, and takes none."""

    reply: Reply


@event(
    "invitation.declined",
    by="notifications",
    aggregate="invitation",
    key="reply.invitation_id",
    whose="reply.person.email",
)
@dataclass(frozen=True, kw_only=True)
class InvitationDeclined:
    """The person does not come: the seat is free."""

    reply: Reply


@event("invitation.countered", by="notifications", aggregate="invitation", key="reply.invitation_id")
@dataclass(frozen=True, kw_only=True)
class InvitationCountered:
    """One of two who talk to each other proposes another time in their calendar; an aware instant."""

    reply: Reply
    starts_at: datetime
