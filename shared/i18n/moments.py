"""Days and times in the reader's form: ``donderdag 12 juni 2027, 14.00-17.00 uur``, with an en dash."""

from datetime import date, datetime
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


def clock_text(moment: datetime, language: Language, zone: str = HOME_ZONE) -> str:
    """``14.00 uur``, ``14:00``: ``moment`` (aware) on the clock of ``zone``."""
    return _with_unit(_clock(moment, language, zone), language)


def moment_text(moment: datetime, language: Language, zone: str = HOME_ZONE) -> str:
    """``donderdag 12 juni 2027, 14.00 uur``: ``moment`` (aware) as people in ``zone`` say it."""
    return f"{day_text(_local(moment, zone), language)}, {clock_text(moment, language, zone)}"


def span_text(starts_at: datetime, ends_at: datetime, language: Language, zone: str = HOME_ZONE) -> str:
    """``donderdag 12 juni 2027, 14.00-17.00 uur`` with an en dash; more days: both in full.

    Elsewhere than at home the zone is named: ``14.00-17.00 uur (Lisbon)``.
    """
    if _local(starts_at, zone).date() == _local(ends_at, zone).date():
        hours = f"{_clock(starts_at, language, zone)}{_DASH}{_clock(ends_at, language, zone)}"
        text = f"{day_text(_local(starts_at, zone), language)}, {_with_unit(hours, language)}"
    else:
        text = f"{moment_text(starts_at, language, zone)} {_DASH} {moment_text(ends_at, language, zone)}"
    return text if zone == HOME_ZONE else f"{text} ({zone_text(zone)})"


def zone_text(zone: str) -> str:
    """The city a zone is named after: ``Europe/Amsterdam`` → ``Amsterdam``."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def _local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))


def _clock(moment: datetime, language: Language, zone: str) -> str:
    return _local(moment, zone).strftime("%H.%M" if language == "nl" else "%H:%M")


def _with_unit(hours: str, language: Language) -> str:
    return f"{hours} uur" if language == "nl" else hours
