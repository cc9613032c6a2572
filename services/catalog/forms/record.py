"""A meeting's record for the archive: what it was, who of which organisations came in numbers, and its documents.

Without persons: of what a meeting says only the fields here are taken, none of which holds one, and numbers are given
per target group alone, for one person of one organisation would be somebody.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Row

from services.catalog.forms.meetings import MeetingAnswer
from services.catalog.rules.files import AttachedFile
from services.catalog.rules.meeting import Meeting
from shared.times import utc_text

FIELDS: Final = (
    *("id", "slug", "title", "summary", "description", "status", "revision"),
    *("startsAt", "endsAt", "timeZone", "format", "visibility", "attendanceMode", "venue"),
    *("regions", "targetGroups", "themes", "series", "controller", "seatPlan", "documents"),
)
_OF_A_PART: Final = ("id", "title", "startsAt", "endsAt", "room", "capacity")


def meeting_record(meeting: Meeting) -> dict[str, Any]:
    """What it was, as the API says it. Names that somebody typed into a description are not found."""
    told: dict[str, Any] = MeetingAnswer().dump(meeting)
    parts = [{name: part[name] for name in _OF_A_PART if name in part} for part in told.get("sessions", ())]
    return {name: told[name] for name in FIELDS if name in told} | {"sessions": parts}


def attendance_record(counts: Sequence[Row[Any]], names: Mapping[str, str]) -> dict[str, Any]:
    """How many came per target group, and which organisations took part; ``names`` by their codes."""
    groups: dict[str, Counter[str]] = {}
    for row in counts:
        of_group = groups.setdefault(row.target_group, Counter())
        of_group.update(registered=row.registered, attended=row.attended, noShow=row.no_show)
    came = sorted({row.organisation for row in counts if row.organisation and row.attended})
    return {
        "targetGroups": {code: dict(of_group) for code, of_group in sorted(groups.items())},
        "organisations": [{"id": code, "name": names.get(code, "")} for code in came],
    }


def file_record(file: AttachedFile, path: str, digest: str) -> dict[str, Any]:
    """What is known of a file that lies at ``path`` in the record; ``digest`` is its SHA-256."""
    return {
        "path": path,
        "title": dict(file.title),
        "mediaType": file.media_type,
        "size": file.size,
        "addedAt": utc_text(file.added_at),
        "sha256": digest,
    }
