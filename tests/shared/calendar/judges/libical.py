"""Judge: libical, the parser of Evolution and KDE. Runs on the system's own Python."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import gi  # type: ignore[import-not-found]  # only the system's Python has it

gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib  # type: ignore[import-not-found]  # noqa: E402  # its version comes first


def instant(time: Any) -> str:
    seconds = time.as_timet_with_zone(time.get_timezone())
    return datetime.fromtimestamp(seconds, tz=UTC).isoformat()


def reading(calendar: Any, event: Any) -> dict[str, Any]:
    attendee = event.get_first_property(ICalGLib.PropertyKind.ATTENDEE_PROPERTY)
    partstat = attendee and attendee.get_first_parameter(ICalGLib.ParameterKind.PARTSTAT_PARAMETER)
    method = calendar.get_first_property(ICalGLib.PropertyKind.METHOD_PROPERTY)
    place = event.get_first_property(ICalGLib.PropertyKind.GEO_PROPERTY)
    status = event.get_first_property(ICalGLib.PropertyKind.STATUS_PROPERTY)
    return {
        "method": method and method.get_value_as_string(),
        "uid": event.get_uid(),
        "sequence": event.get_sequence(),
        "starts_at": instant(event.get_dtstart()),
        "ends_at": instant(event.get_dtend()),
        "summary": event.get_summary(),
        "description": event.get_description(),
        "location": event.get_location(),
        "status": status and status.get_value_as_string(),
        "attendee": attendee and attendee.get_attendee(),
        "partstat": partstat and partstat.as_ical_string().partition("=")[2],
        "geo": place and [place.get_geo().get_lat(), place.get_geo().get_lon()],
    }


def events(calendar: Any) -> Any:
    event = calendar.get_first_component(ICalGLib.ComponentKind.VEVENT_COMPONENT)
    while event:
        yield event
        event = calendar.get_next_component(ICalGLib.ComponentKind.VEVENT_COMPONENT)


calendar = ICalGLib.Component.new_from_string(Path(sys.argv[1]).read_bytes().decode())
json.dump([reading(calendar, event) for event in events(calendar)], sys.stdout)
