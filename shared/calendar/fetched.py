"""A feed as programs fetch it: its bytes in both forms, and by what they are known again (calendar rule 23)."""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlencode

from shared.calendar.zipped import Piece, zipped

_DIGITS = 32  # 128 bits


@dataclass(frozen=True)
class Calendar:
    """The bytes of one feed, plain and gzipped, a hash of its content, and when that last changed (UTC)."""

    body: bytes
    zipped: bytes
    digest: str
    changed_at: datetime


def calendar_of(body: bytes, changed_at: datetime) -> Calendar:
    """The calendar of these bytes; gzipped without a clock, so that equal bytes stay equal."""
    return Calendar(body, gzip.compress(body, mtime=0), sha256(body).hexdigest()[:_DIGITS], changed_at)


def joined(head: bytes, entries: Sequence[Piece], foot: bytes, changed_at: datetime) -> Calendar:
    """The feed of kept ``entries``; pieces that are the same as the last time are neither hashed nor gzipped anew."""
    whole = zipped([(head,), *entries, (foot,)])
    return Calendar(whole.body, whole.gzip, whole.digest[:_DIGITS], changed_at)


def subscriptions(address: str, name: str) -> dict[str, str]:
    """How the feed at ``address`` (http or https) is subscribed to: to copy, to open, by Google, by Outlook.

    ``name`` is what Outlook calls it; ``outlook`` is for a private account, ``office`` for one of work or school.
    """
    webcal = "webcal" + address.removeprefix("https").removeprefix("http")
    outlook = urlencode({"url": address, "name": name})
    return {
        "https": address,
        "webcal": webcal,
        "google": f"https://calendar.google.com/calendar/render?{urlencode({'cid': webcal})}",
        "outlook": f"https://outlook.live.com/calendar/0/addfromweb?{outlook}",
        "office": f"https://outlook.office.com/calendar/0/addfromweb?{outlook}",
    }
