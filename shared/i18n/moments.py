"""Days and times in the reader's form: ``donderdag 12 juni 2027, 14.00-17.00 uur``, with an en dash."""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date

from shared.i18n import Language

HOME_ZONE = "Europe/Amsterdam"

_DASH = "\N{EN DASH}"
_DAY = {"nl": "EEEE d MMMM y", "en": "EEEE d MMMM y"}
_LOCALE = {"nl": "nl", "en": "en_GB"}


def day_text(day: date, language: Language) -> str:
    """``donderdag 12 juni 2027``, ``Saturday 12 June 2027``."""
    return format_date(day, _DAY[language], locale=_LOCALE[language])


def date_text(day: date, language: Language) -> str:
    """``12 juni 2027``, ``12 June 2027``: where there is no room for the day of the week."""
    return format_date(day, "d MMMM y", locale=_LOCALE[language])


def clock_text(moment: datetime, language: Language, zone: str = HOME_ZONE) -> str:
    """``14.00 uur``, ``14:00``: ``moment`` (aware) on the clock of ``zone``."""
    return _with_unit(_clock(moment, language, zone), language)


def moment_text(moment: datetime, language: Language, zone: str = HOME_ZONE) -> str:
    """``donderdag 12 juni 2027, 14.00 uur``: ``moment`` (aware) as people in ``zone`` say it."""
    return f"{day_text(_local(moment, zone), language)}, {clock_text(moment, language, zone)}"


@lru_cache(maxsize=256)  # in the mails of one meeting it is the same for all
def deadline_text(moment: datetime, language: Language, zone: str = HOME_ZONE) -> str:
    """``12 mei 16.00 uur``, ``12 May 16:00``: short, for a deadline nearby. The zone is named as in ``span_text``."""
    day = format_date(_local(moment, zone), "d MMMM", locale=_LOCALE[language])
    return _in_zone(f"{day} {clock_text(moment, language, zone)}", zone)


def hours_text(starts_at: datetime, ends_at: datetime, language: Language, zone: str = HOME_ZONE) -> str:
    """``14.00-17.00 uur`` with an en dash: from ``starts_at`` to ``ends_at`` (aware), on a day that is known."""
    return _with_unit(f"{_clock(starts_at, language, zone)}{_DASH}{_clock(ends_at, language, zone)}", language)


@lru_cache(maxsize=256)  # as above
def span_text(starts_at: datetime, ends_at: datetime, language: Language, zone: str = HOME_ZONE) -> str:
    """``donderdag 12 juni 2027, 14.00-17.00 uur`` with an en dash; more days: both in full.

    Elsewhere than at home the zone is named: ``14.00-17.00 uur (Lisbon)``.
    """
    if _local(starts_at, zone).date() == _local(ends_at, zone).date():
        text = f"{day_text(_local(starts_at, zone), language)}, {hours_text(starts_at, ends_at, language, zone)}"
    else:
        text = f"{moment_text(starts_at, language, zone)} {_DASH} {moment_text(ends_at, language, zone)}"
    return _in_zone(text, zone)


def zone_text(zone: str) -> str:
    """The city a zone is named after: ``Europe/Amsterdam`` → ``Amsterdam``."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def _in_zone(text: str, zone: str) -> str:
    return text if zone == HOME_ZONE else f"{text} ({zone_text(zone)})"


def _local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))


def _clock(moment: datetime, language: Language, zone: str) -> str:
    return _local(moment, zone).strftime("%H.%M" if language == "nl" else "%H:%M")


def _with_unit(hours: str, language: Language) -> str:
    return f"{hours} uur" if language == "nl" else hours
