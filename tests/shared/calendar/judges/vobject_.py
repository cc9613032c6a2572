"""Judge: vobject, which radicale and many CalDAV servers read with."""

import json
import sys
from pathlib import Path
from typing import Any

import vobject


def reading(calendar: Any, event: Any) -> dict[str, Any]:
    def value(name: str) -> Any:
        return event.getChildValue(name)

    attendee = event.contents.get("attendee", [None])[0]
    return {
        "method": calendar.getChildValue("method"),
        "uid": value("uid"),
        "sequence": int(value("sequence")),
        "starts_at": value("dtstart").isoformat(),
        "ends_at": value("dtend").isoformat(),
        "summary": value("summary"),
        "description": value("description"),
        "location": value("location"),
        "status": value("status"),
        "attendee": attendee and attendee.value,
        "partstat": attendee and attendee.params["PARTSTAT"][0],
        "geo": value("geo") and value("geo").split(";"),
    }


calendar = vobject.readOne(Path(sys.argv[1]).read_bytes().decode())
events = calendar.contents.get("vevent", [])
json.dump([reading(calendar, event) for event in events], sys.stdout)
