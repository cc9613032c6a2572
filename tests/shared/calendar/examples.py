"""The meeting the calendar tests tell of, and one calendar object of each kind.

`python -m tests.shared.calendar.examples` writes the golden files anew; read the difference before you commit it.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from shared.calendar.entry import Conference, Entry, Status, vevent
from shared.calendar.feed import feed, single
from shared.calendar.scheduling import Attendee, Busy, Organizer, Partstat, cancel, request

GOLDEN = Path(__file__).parent / "golden"

ORGANIZER = Organizer("reply+k1a2b3@kring.example", 'Provincie Drenthe, team "Energie"')
JAN = Attendee("Jan.O'Brien+agenda@gemeente.example", "Jan O'Brien; beleidsmaker")
QUEUED_AT = datetime(2027, 2, 1, 9, 30, tzinfo=UTC)
MEETING = Entry(
    uid="7f3c@kring.example",
    sequence=2,
    starts_at=datetime(2027, 4, 14, 12, 0, tzinfo=UTC),
    ends_at=datetime(2027, 4, 14, 14, 30, tzinfo=UTC),
    time_zone="Europe/Amsterdam",
    summary="Warmtenetten: kosten, baten; en wie betaalt? 🌡️",
    description='Met een inleiding door "Zoë".\nOnline via https://meet.example/warmte, vanaf 13.45 uur.',
    location="Provinciehuis, Westerbrink 1, 9405 BJ Assen",
    url="https://kring.example/meetings/warmtenetten",
    created_at=datetime(2027, 1, 4, 8, 0, tzinfo=UTC),
    last_modified_at=datetime(2027, 1, 20, 16, 45, tzinfo=UTC),
    categories=("Drenthe", "Warmte, koude en isolatie"),
    geo=(52.9925, 6.5649),
    conference=Conference("https://meet.example/warmte", "Doe mee: online"),
)


def a_meeting(**facts: Any) -> Entry:
    """The meeting, with these facts instead of its own."""
    return replace(MEETING, **facts)


def lasting(hours: float, starts_at: datetime) -> dict[str, datetime]:
    """Start and end as facts of a meeting."""
    return {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=hours)}


def a_request(entry: Entry = MEETING, attendee: Attendee = JAN) -> bytes:
    return request(entry, ORGANIZER, attendee, busy=Busy.TENTATIVE, stamped_at=QUEUED_AT)


def a_cancellation(entry: Entry = MEETING) -> bytes:
    """As sent to Jan, who has accepted."""
    return cancel(entry, ORGANIZER, replace(JAN, partstat=Partstat.ACCEPTED), stamped_at=QUEUED_AT)


def a_public_meeting(**facts: Any) -> Entry:
    """The meeting as everyone may read it: without the online link."""
    return a_meeting(conference=None, description="Ook online te volgen.", **facts)


def a_feed(*entries: Entry) -> bytes:
    source_url = "https://kring.example/calendar.ics?region=PV22"
    return feed("Kring: Drenthe", "Bijeenkomsten in Drenthe", source_url, map(vevent, entries))


def a_full_feed() -> bytes:
    """A meeting, one that was cancelled, and one in another zone."""
    return a_feed(
        a_public_meeting(),
        a_public_meeting(uid="a-cancelled@kring.example", summary="Afgelast: Isolatie", status=Status.CANCELLED),
        a_public_meeting(uid="b-london@kring.example", summary="Study visit", time_zone="Europe/London"),
    )


OBJECTS: dict[str, Callable[[], bytes]] = {
    "request": a_request,
    "cancel": a_cancellation,
    "feed": a_full_feed,
    "feed-empty": a_feed,
    "single": lambda: single(vevent(a_public_meeting())),
}

if __name__ == "__main__":
    for name, make in OBJECTS.items():
        (GOLDEN / f"{name}.ics").write_bytes(make())
