"""When a meeting is: local times become instants, and an end comes after its start."""

from collections.abc import Iterator
from datetime import UTC, datetime

from services.catalog.rules.flaws import Flaw
from shared.calendar.zones import NonexistentTimeError, UnknownZoneError, local_time, zone_named
from shared.i18n import N_


def instant(name: str, time: datetime, zone: str) -> datetime | Flaw:
    """The aware UTC instant of ``time``: with an offset it is one; without, a clock in ``zone`` shows it.

    A :class:`Flaw` of the field ``name`` where that clock skips the time in spring (calendar rule 2).
    """
    if time.tzinfo is not None:
        return time.astimezone(UTC)
    try:
        return local_time(time, zone)
    except NonexistentTimeError:
        return Flaw(
            name,
            "nonexistent-time",
            N_("This time does not exist: the clock goes forward over it. Choose another."),
        )


def zone_flaws(zone: str) -> Iterator[Flaw]:
    """What is wrong with the name of a time zone."""
    try:
        zone_named(zone)
    except UnknownZoneError:
        yield Flaw("timeZone", "unknown-zone", N_("This time zone does not exist. An example: Europe/Amsterdam."))


def span_flaws(starts_at: datetime, ends_at: datetime) -> Iterator[Flaw]:
    """What is wrong with a meeting's start and end (aware); calendars count whole seconds."""
    if ends_at.replace(microsecond=0) <= starts_at.replace(microsecond=0):
        yield Flaw("endsAt", "end-before-start", N_("The end must be later than the start."))


def session_flaws(starts_at: datetime | None, ends_at: datetime | None, name: str) -> Iterator[Flaw]:
    """What is wrong with the times of one part of the programme, which is the field ``name``."""
    if starts_at and ends_at and ends_at <= starts_at:
        yield Flaw(f"{name}.endsAt", "end-before-start", N_("The end must be later than the start."))
