"""What catalog remembers, a module for each kind of thing; every table is known by its name here."""

from services.catalog.tables.copies import COPIES
from services.catalog.tables.feedback import opinion, research_contact
from services.catalog.tables.files import attached_file, file_piece
from services.catalog.tables.foundation import flow, grants, limits, metadata
from services.catalog.tables.history import meeting_history
from services.catalog.tables.imports import imported, upload
from services.catalog.tables.knowledge import (
    checked_link,
    expert,
    knowledge_item,
    knowledge_meeting,
    knowledge_theme,
    page_text,
)
from services.catalog.tables.manifests import manifest, signature
from services.catalog.tables.meetings import (
    attendance,
    catalogue,
    kept_entry,
    meeting,
    meeting_word,
    seats,
    urgent_notice,
)
from services.catalog.tables.privacy import erasure
from services.catalog.tables.reference import reference, venue
from services.catalog.tables.search import search_text
from services.catalog.tables.stories import story

__all__ = [
    "COPIES",
    "attached_file",
    "attendance",
    "catalogue",
    "checked_link",
    "erasure",
    "expert",
    "file_piece",
    "flow",
    "grants",
    "imported",
    "kept_entry",
    "knowledge_item",
    "knowledge_meeting",
    "knowledge_theme",
    "limits",
    "manifest",
    "meeting",
    "meeting_history",
    "meeting_word",
    "metadata",
    "opinion",
    "page_text",
    "reference",
    "research_contact",
    "search_text",
    "seats",
    "signature",
    "story",
    "upload",
    "urgent_notice",
    "venue",
]
