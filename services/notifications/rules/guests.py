"""Who is invited as one of a target group, without being signed up: accepting is what signs them up (rule 14)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.notifications.rules.desired import Holding, announced
from services.notifications.rules.sequence import Answer
from shared.events.catalog import Meeting
from shared.events.registration import Person

TIME_TO_CONFIRM = timedelta(days=7)
"""How long somebody can confirm a subscription; what is not confirmed by then is forgotten."""


@dataclass(frozen=True, kw_only=True)
class Guest:
    """Somebody invited, and what their sign-up will say; ``target_group`` is a code."""

    person: Person
    target_group: str
    organisation: str = ""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody subscribed to: to be invited to meetings in these regions (codes), in their role."""

    guest: Guest
    regions: tuple[str, ...] = ()


def role_at(meeting: Meeting, names: Sequence[str]) -> str:
    """What a role is called at ``meeting``: the first of its ``names`` (codes) that stands there, else the first."""
    known = {group.code for group in meeting.target_groups}
    return next((name for name in names if name in known), names[0])


def closing(meeting: Meeting) -> datetime:
    """When nobody can sign up any more: unanswered invitations then leave the calendars."""
    closes_at = meeting.registration.closes_at
    return min(meeting.starts_at, closes_at) if closes_at else meeting.starts_at


def is_open(meeting: Meeting, now: datetime) -> bool:
    """Whether one can sign up at ``now`` (aware UTC)."""
    opens_at = meeting.registration.opens_at
    return meeting.status == "published" and (opens_at is None or opens_at <= now) and now < closing(meeting)


def held_by_guest(meeting: Meeting, guest: Guest, answer: Answer | None, now: datetime) -> Holding | None:
    """What the calendar of somebody invited should hold; None for nothing.

    Whoever said yes keeps it until registration has decided, also when sign-up closes in between.
    """
    if meeting.status != "published" or (answer and answer.choice == "declined"):
        return None
    said_yes = answer is not None and answer.choice == "accepted"
    if now >= closing(meeting) and not said_yes:
        return None
    return replace(announced(meeting, guest.person.language), invites=True)
