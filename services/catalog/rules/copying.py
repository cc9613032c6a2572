"""A meeting at another time, or a copy of it: all that has a moment keeps its distance, by the clock on the wall."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from services.catalog.rules.flaws import Flaw, FlawedError
from services.catalog.rules.meeting import MeetingDetails
from services.catalog.rules.schedule import instant
from shared.calendar.zones import zone_named


@dataclass(frozen=True)
class SeriesCopy:
    """How many days later (negative: earlier) meetings are copied, and the name of the series that they form."""

    days: int
    series: str


def starting_at(details: MeetingDetails, starts_at: datetime) -> MeetingDetails:
    """``details`` as they are when the meeting starts at ``starts_at`` (aware).

    What was at 15.00 is at 15.00 again, also where summer time begins in between. No copy is published by itself.
    Raises ``FlawedError`` with every moment that the clock skips on its day.
    """
    return _moved(details, _shown(starts_at, details.time_zone) - _shown(details.starts_at, details.time_zone))


def days_later(details: MeetingDetails, days: int) -> MeetingDetails:
    """``details`` as they are so many days later, or earlier where negative; raises as ``starting_at`` does."""
    return _moved(details, timedelta(days=days))


def moved_by(details: MeetingDetails, days: int) -> MeetingDetails:
    """The meeting itself so many days later; when it is published by itself stays as it was planned.

    Raises as ``starting_at`` does.
    """
    return replace(days_later(details, days), publish_at=details.publish_at)


def _moved(details: MeetingDetails, distance: timedelta) -> MeetingDetails:
    flaws: list[Flaw] = []

    def moved(part: Any, path: str, **names: str) -> Any:
        """The part of a meeting with its moments, by their names in Python and in JSON, moved."""
        later = {}
        for attribute, name in names.items():
            moment = getattr(part, attribute)
            if moment is not None:
                found = instant(f"{path}{name}", _shown(moment, details.time_zone) + distance, details.time_zone)
                if isinstance(found, Flaw):
                    flaws.append(found)
                else:
                    later[attribute] = found
        return replace(part, **later)

    whole = moved(details, "", starts_at="startsAt", ends_at="endsAt", doors_open_at="doorsOpenAt")
    parts = {
        "registration": moved(details.registration, "registration.", opens_at="opensAt", closes_at="closesAt"),
        "sessions": tuple(
            moved(session, f"sessions.{number}.", starts_at="startsAt", ends_at="endsAt")
            for number, session in enumerate(details.sessions)
        ),
    }
    if details.seat_plan:
        parts["seat_plan"] = moved(details.seat_plan, "seatPlan.", release_at="releaseAt")
    if flaws:
        raise FlawedError(flaws)
    copied: MeetingDetails = replace(whole, **parts, publish_at=None)
    return copied


def _shown(moment: datetime, zone: str) -> datetime:
    """What a clock on the wall in ``zone`` shows at ``moment``, without the zone."""
    return moment.astimezone(zone_named(zone)).replace(tzinfo=None)
