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
