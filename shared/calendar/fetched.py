"""A calendar as programs fetch it: its bytes in both forms, and by what they are known again (calendar rule 23)."""

import gzip
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlencode

_DIGITS = 32  # 128 bits


@dataclass(frozen=True)
class Calendar:
    """The bytes of one calendar, plain and gzipped, the hash of the plain ones, and when they last changed (UTC)."""

    body: bytes
    zipped: bytes
    digest: str
    changed_at: datetime


def calendar_of(body: bytes, changed_at: datetime) -> Calendar:
    """The calendar of these bytes; gzipped without a clock, so that equal bytes stay equal."""
    return Calendar(body, gzip.compress(body, mtime=0), sha256(body).hexdigest()[:_DIGITS], changed_at)


def subscriptions(address: str) -> dict[str, str]:
    """How the feed at ``address`` (http or https) is subscribed to: to copy, to open, by Google, by Outlook.com."""
    webcal = "webcal" + address.removeprefix("https").removeprefix("http")
    return {
        "https": address,
        "webcal": webcal,
        "google": f"https://calendar.google.com/calendar/render?{urlencode({'cid': webcal})}",
        "outlook": f"https://outlook.live.com/calendar/0/addfromweb?{urlencode({'url': address, 'name': 'Kring'})}",
    }
