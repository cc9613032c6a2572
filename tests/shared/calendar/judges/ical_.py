"""Judge: the package `ical`, which Home Assistant reads with."""

import json
import sys
from pathlib import Path
from typing import Any

from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event


def reading(calendar: Calendar, event: Event) -> dict[str, Any]:
    attendee = event.attendees[0] if event.attendees else None
    return {
        "method": calendar.method,
        "uid": event.uid,
        "sequence": event.sequence,
        "starts_at": event.start_datetime.isoformat(),
        "ends_at": event.end_datetime.isoformat(),
        "summary": event.summary,
        "description": event.description,
        "location": event.location,
        "status": event.status and event.status.value,
        "attendee": attendee and str(attendee.uri),
        "partstat": attendee and attendee.status,
        "geo": event.geo and [event.geo.lat, event.geo.lng],
    }


stream = IcsCalendarStream.from_ics(Path(sys.argv[1]).read_bytes().decode())
json.dump([reading(each, event) for each in stream.calendars for event in each.events], sys.stdout)
