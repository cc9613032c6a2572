"""Who may see and change which meeting."""

from collections.abc import Iterable

from services.catalog.rules.meeting import Meeting, MeetingDetails
from shared.people.roles import Actor, Thing, may


def thing_of(meeting: Meeting) -> Thing:
    """What ``may()`` needs to know of a meeting."""
    return Thing(regions=meeting.regions, meeting_id=meeting.id)


def may_see(actor: Actor, meeting: Meeting) -> bool:
    """Whether ``actor`` may know of the meeting at all: of a draft only those who organise in its region."""
    return not meeting.is_draft or may(actor, "draft.read", thing_of(meeting))


def may_change(actor: Actor, meeting: Meeting) -> bool:
    """Whether ``actor`` organises this meeting; only then its online link is shown."""
    return may(actor, "meeting.change", thing_of(meeting))


def reached(actor: Actor, verb: str, meetings: Iterable[Meeting]) -> list[Meeting]:
    """Those of ``meetings`` to which ``actor`` may do ``verb``."""
    return [meeting for meeting in meetings if may(actor, verb, thing_of(meeting))]


def regions_of(actor: Actor, details: MeetingDetails) -> tuple[str, ...]:
    """The regions of a new meeting: those that were given, else those of the organiser who drafts it."""
    return details.regions or actor.regions
