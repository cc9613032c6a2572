"""What notifications tells: what people were told, and what they answered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.events.contract import event


@event("invitation.sent", by="notifications", aggregate="invitation", key="invitation_id", carries_state=True)
@dataclass(frozen=True, kw_only=True)
class InvitationSent:
    """A calendar object was told to one recipient. Registration remembers it, so that notifications can be rebuilt."""

    invitation_id: str
    registration_id: str
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
