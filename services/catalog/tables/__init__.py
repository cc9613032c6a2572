"""What catalog remembers, a module for each kind of thing; every table is known by its name here."""

from services.catalog.tables.foundation import flow, grants, limits, metadata
from services.catalog.tables.meetings import (
    attendance,
    catalogue,
    kept_entry,
    meeting,
    meeting_word,
    seats,
    urgent_notice,
)
from services.catalog.tables.reference import reference

__all__ = [
    "attendance",
    "catalogue",
    "flow",
    "grants",
    "kept_entry",
    "limits",
    "meeting",
    "meeting_word",
    "metadata",
    "reference",
    "seats",
    "urgent_notice",
]
