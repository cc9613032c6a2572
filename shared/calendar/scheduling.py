"""What goes to one person's calendar by mail, REQUEST, CANCEL and DECLINECOUNTER, and REPLY (RFC 5546 3.2)."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from shared.calendar import layout
from shared.calendar.entry import Entry, Status, arranged, properties, unquoted
from shared.calendar.frame import calendar
from shared.calendar.lines import Property


class Partstat(StrEnum):
    """What the attendee has said, as far as we know (RFC 5545 3.2.12)."""

    NEEDS_ACTION = "NEEDS-ACTION"
    ACCEPTED = "ACCEPTED"
    TENTATIVE = "TENTATIVE"
    DECLINED = "DECLINED"


class Busy(StrEnum):
    """How Outlook shows the time before an answer: TENTATIVE until there is a seat, then BUSY."""

    TENTATIVE = "TENTATIVE"
    BUSY = "BUSY"


class Counter(StrEnum):
    """Whether Outlook lets the attendee propose another time: to a meeting of many it does not (rule 13)."""

    REFUSED = "TRUE"
    WELCOME = "FALSE"


@dataclass(frozen=True)
class Organizer:
    """Where answers go: the invitation's own reply address, under the name of the organiser."""

    address: str
    name: str


@dataclass(frozen=True)
class Attendee:
    """The one person this goes to: the address as typed, the very mailbox in `To`, and the name."""

    address: str
    name: str
    partstat: Partstat = Partstat.NEEDS_ACTION


def request(  # noqa: PLR0913  # each says something of its own
    entry: Entry,
    organizer: Organizer,
    attendee: Attendee,
    *,
    busy: Busy,
    stamped_at: datetime,
    counter: Counter = Counter.REFUSED,
) -> bytes:
    """Give the VCALENDAR that asks this attendee, or tells of a change (`entry.sequence` one higher).

    `stamped_at` (aware) is when the mail was queued. Raises ValueError for a cancelled entry: a REQUEST
    would leave it standing in calendars.
    """
    if entry.status is Status.CANCELLED:
        raise ValueError("A cancelled entry is sent by cancel(); a request would leave it standing.")
    lines = [
        *properties(entry, stamped_at=stamped_at),
        _organizer(organizer),
        _invited(attendee),
        Property("X-MICROSOFT-CDO-BUSYSTATUS", busy),
        Property("X-MICROSOFT-DISALLOW-COUNTER", counter),
    ]
    return calendar([Property("METHOD", "REQUEST")], [arranged(lines, layout.REQUEST)])


def cancel(entry: Entry, organizer: Organizer, attendee: Attendee, *, stamped_at: datetime) -> bytes:
    """Give the VCALENDAR that takes the entry out of this attendee's calendar.

    `entry` holds times and title as last sent, and the sequence one higher. `stamped_at` as for `request`.
    """
    cancelled = replace(entry, status=Status.CANCELLED)
    lines = [*properties(cancelled, stamped_at=stamped_at), _organizer(organizer), _released(attendee)]
    return calendar([Property("METHOD", "CANCEL")], [arranged(lines, layout.CANCEL)])


def decline_counter(entry: Entry, organizer: Organizer, attendee: Attendee, *, stamped_at: datetime) -> bytes:
    """Give the VCALENDAR that says no to another time this attendee proposed (RFC 5546 3.2.8).

    `entry` as last sent, its sequence too; `stamped_at` (aware) is later than that of the last object of this UID.
    """
    lines = [*properties(entry, stamped_at=stamped_at), _organizer(organizer), _released(attendee)]
    return calendar([Property("METHOD", "DECLINECOUNTER")], [arranged(lines, layout.DECLINECOUNTER)])


def reply(entry: Entry, organizer: Organizer, attendee: Attendee, *, stamped_at: datetime) -> bytes:
    """Give the VCALENDAR by which this attendee's own calendar would answer, as `attendee.partstat` says (3.2.3).

    Nobody answers for a person: this is for asking ourselves whether answers come in. `entry` as it was sent.
    """
    lines = [*properties(entry, stamped_at=stamped_at), _organizer(organizer), _released(attendee)]
    return calendar([Property("METHOD", "REPLY")], [arranged(lines, layout.REPLY)])


def _organizer(organizer: Organizer) -> Property:
    return Property("ORGANIZER", f"mailto:{organizer.address}", (("CN", unquoted(organizer.name)),))


def _invited(attendee: Attendee) -> Property:
    return _attendee(attendee, (("RSVP", "TRUE"),))


def _released(attendee: Attendee) -> Property:
    return _attendee(attendee, ())


def _attendee(attendee: Attendee, asked: tuple[tuple[str, str], ...]) -> Property:
    parameters = (
        ("CUTYPE", "INDIVIDUAL"),
        ("ROLE", "REQ-PARTICIPANT"),
        ("PARTSTAT", attendee.partstat),
        *asked,
        ("CN", unquoted(attendee.name)),
    )
    return Property("ATTENDEE", f"mailto:{attendee.address}", parameters)
