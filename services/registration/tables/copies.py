"""Where we keep what the other services told: a thing that was told of and is not there any more was lost."""

from typing import Final

from services.registration.tables.meetings import meeting
from services.registration.tables.words import reference
from shared.bus.digests import Copies

COPIES: Final[Copies] = {
    ("catalog", "meeting"): meeting.c.id,
    ("catalog", "reference"): reference.c.kind + ":" + reference.c.code,
}
"""By publisher and kind. Of the others a thing may go, or be none of ours."""
