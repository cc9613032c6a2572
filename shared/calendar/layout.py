"""The one table: which properties each kind of object holds, and in which order.

Writing follows it, and validation refuses whatever is not in it.
"""

from collections.abc import Mapping
from typing import Final

CALENDAR: Final = (
    "VERSION",
    "PRODID",
    "CALSCALE",
    "METHOD",
    "NAME",
    "X-WR-CALNAME",
    "X-WR-CALDESC",
    "X-WR-TIMEZONE",
    "REFRESH-INTERVAL",
    "X-PUBLISHED-TTL",
    "COLOR",
    "SOURCE",
)

PUBLISHED: Final = (
    "UID",
    "SEQUENCE",
    "DTSTAMP",
    "CREATED",
    "LAST-MODIFIED",
    "DTSTART",
    "DTEND",
    "SUMMARY",
    "DESCRIPTION",
    "LOCATION",
    "GEO",
    "URL",
    "CONFERENCE",
    "CATEGORIES",
    "CLASS",
    "STATUS",
    "TRANSP",
)

REQUEST: Final = (
    *PUBLISHED,
    "ORGANIZER",
    "ATTENDEE",
    "X-MICROSOFT-CDO-BUSYSTATUS",
    "X-MICROSOFT-DISALLOW-COUNTER",
)

CANCEL: Final = (
    "UID",
    "SEQUENCE",
    "DTSTAMP",
    "DTSTART",
    "DTEND",
    "SUMMARY",
    "DESCRIPTION",
    "LOCATION",
    "URL",
    "STATUS",
    "TRANSP",
    "ORGANIZER",
    "ATTENDEE",
)

DECLINECOUNTER: Final = ("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "ORGANIZER", "ATTENDEE")

REPLY: Final = ("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "STATUS", "ORGANIZER", "ATTENDEE")

ENTRY_BY_METHOD: Final[Mapping[str | None, tuple[str, ...]]] = {
    None: PUBLISHED,
    "REQUEST": REQUEST,
    "CANCEL": CANCEL,
    "DECLINECOUNTER": DECLINECOUNTER,
    "REPLY": REPLY,
}
