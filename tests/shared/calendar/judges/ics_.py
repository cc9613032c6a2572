"""Judge: ics.py, in its coming version, which reads by a grammar. It takes the zone from the file itself."""

import json
import sys
from pathlib import Path
from typing import Any

import ics


def reading(calendar: Any, event: Any) -> dict[str, Any]:
    attendee = event.attendees[0] if event.attendees else None
    return {
        "method": calendar.method,
        "uid": event.uid,
        "sequence": int(next(line.value for line in event.extra if line.name == "SEQUENCE")),
        "starts_at": event.begin.isoformat(),
        "ends_at": event.end.isoformat(),
        "summary": event.summary,
        "description": event.description,
        "location": event.location,
        "status": event.status,
        "attendee": attendee and attendee.email.geturl(),
        "partstat": attendee and attendee.extra["PARTSTAT"][0],
        "geo": event.geo and [event.geo.latitude, event.geo.longitude],
    }


calendar = ics.Calendar(Path(sys.argv[1]).read_bytes().decode())
json.dump([reading(calendar, event) for event in calendar.events], sys.stdout)
