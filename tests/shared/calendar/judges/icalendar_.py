"""Judge: icalendar, which khal and Plone read with. We read others' calendars with it, and write none."""

import json
import sys
from pathlib import Path
from typing import Any

from icalendar import Calendar


def reading(calendar: Any, event: Any) -> dict[str, Any]:
    def value(name: str) -> str | None:
        return str(event[name]) if name in event else None

    attendee = event.get("ATTENDEE")
    return {
        "method": str(calendar["METHOD"]) if "METHOD" in calendar else None,
        "uid": value("UID"),
        "sequence": event["SEQUENCE"],
        "starts_at": event["DTSTART"].dt.isoformat(),
        "ends_at": event["DTEND"].dt.isoformat(),
        "summary": value("SUMMARY"),
        "description": value("DESCRIPTION"),
        "location": value("LOCATION"),
        "status": value("STATUS"),
        "attendee": attendee and str(attendee),
        "partstat": attendee and attendee.params["PARTSTAT"],
        "geo": [event["GEO"].latitude, event["GEO"].longitude] if "GEO" in event else None,
    }


calendar = Calendar.from_ical(Path(sys.argv[1]).read_bytes())
json.dump([reading(calendar, event) for event in calendar.events], sys.stdout)
