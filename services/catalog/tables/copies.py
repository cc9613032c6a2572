"""Where we keep what the other services told: a thing that was told of and is not there any more was lost."""

from typing import Final

from services.catalog.tables.foundation import grants
from services.catalog.tables.meetings import seats
from shared.bus.digests import Copies

COPIES: Final[Copies] = {
    ("registration", "grant"): grants.c.id,
    ("registration", "meeting"): seats.c.meeting_id,
}
"""By publisher and kind. Of the others a thing may go, or be none of ours."""
