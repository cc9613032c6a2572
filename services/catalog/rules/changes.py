"""Which change of a meeting matters to whom."""

from collections.abc import Collection
from dataclasses import fields
from types import MappingProxyType
from typing import Final, Literal

from services.catalog.rules.meeting import MeetingDetails

KINDS: Final = MappingProxyType(
    {
        "title": "title",
        "starts_at": "time",
        "ends_at": "time",
        "time_zone": "time",
        "venue": "place",
        "online_url": "link",
        "attendance_mode": "attendance-mode",
        "seat_plan": "seats",
        "registration": "terms",
        "regions": "audience",
        "target_groups": "audience",
        "themes": "audience",
        "series": "audience",
        "visibility": "audience",
        "publish_at": "publication",
        "sessions": "programme",
        "doors_open_at": "programme",
        "summary": "text",
        "description": "text",
        "organiser": "text",
        "contact": "text",
        "controller": "text",
        "format": "text",
        "travel_info": "text",
        "accessibility_info": "text",
        "cost_note": "text",
        "reminders": "afterwards",
        "list_deliveries": "afterwards",
        "survey_url": "afterwards",
        "documents": "afterwards",
        "retention_days": "afterwards",
    }
)
"""The kind of change that each field of a meeting makes; ``meeting.changed`` names the kinds."""

MATTERING: Final = frozenset({"title", "time", "place", "link", "attendance-mode"})
"""The kinds that people's calendars must follow (calendar rule 15); a typo does not bother anyone."""


def kinds_of_change(before: MeetingDetails, after: MeetingDetails) -> tuple[str, ...]:
    """The kinds of fields in which the two differ, sorted; empty if nothing changed."""
    changed = (each.name for each in fields(MeetingDetails) if getattr(before, each.name) != getattr(after, each.name))
    return tuple(sorted({KINDS[name] for name in changed}))


Audience = Literal["venue", "online"]
"""Those with a seat who come to the venue, and those who take part online."""


def who_hears(kinds: Collection[str]) -> frozenset[Audience]:
    """In whose calendar the meeting is another one after a change of these kinds.

    Where it is held concerns those who come there, the link those who take part online.
    """
    if not {"title", "time", "attendance-mode"}.isdisjoint(kinds):
        return frozenset({"venue", "online"})
    concerned: dict[str, Audience] = {"place": "venue", "link": "online"}
    return frozenset(concerned[kind] for kind in kinds if kind in concerned)


def matters(kinds: Collection[str]) -> bool:
    """Whether calendars must follow: then an entry's SEQUENCE rises (calendar rules 15 and 23)."""
    return not MATTERING.isdisjoint(kinds)
