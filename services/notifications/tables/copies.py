"""Where we keep what the other services told: a thing that was told of and is not there any more was lost."""

from typing import Final

from services.notifications.tables.foundation import grants
from services.notifications.tables.meetings import meeting
from services.notifications.tables.registrations import registration
from shared.bus.digests import Copies

COPIES: Final[Copies] = {
    ("catalog", "meeting"): meeting.c.id,
    ("registration", "grant"): grants.c.id,
    ("registration", "registration"): registration.c.id,
}
"""By publisher and kind. Of the others a thing may go, or be none of ours."""
