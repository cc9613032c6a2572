"""What one calendar should hold, as the bytes that go to it."""

from dataclasses import dataclass
from datetime import datetime

from services.notifications.post.message import CalendarObject
from services.notifications.rules.desired import Holding
from shared.calendar.entry import Conference, Entry, Sight
from shared.calendar.scheduling import Attendee, Busy, Counter, Organizer, Partstat, cancel, decline_counter, request
from shared.events.catalog import Meeting


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """One invitation at the moment of sending; ``stamped_at`` (aware UTC) becomes DTSTAMP."""

    uid: str
    sequence: int
    method: str
    partstat: str
    organizer: Organizer
    attendee_address: str
    attendee_name: str
    stamped_at: datetime


@dataclass(frozen=True, kw_only=True)
class EntryWords:
    """What the entry says in the reader's language.

    It is for the attendee alone but shown to their colleagues: no personal link may stand in it (rule 13).
    ``is_for_two``: either of the two may propose another time, and it is nobody else's business.
    """

    summary: str
    description: str
    link: str
    is_for_two: bool = False


def calendar_object(invitation: Invitation, holding: Holding, meeting: Meeting, words: EntryWords) -> CalendarObject:
    """The object of this invitation's method: ``holding`` with what the meeting says beside it."""
    entry = _entry(invitation, holding, meeting, words)
    attendee = Attendee(invitation.attendee_address, invitation.attendee_name, Partstat(invitation.partstat))
    if invitation.method == "CANCEL":
        output = cancel(entry, invitation.organizer, attendee, stamped_at=invitation.stamped_at)
    elif invitation.method == "DECLINECOUNTER":
        output = decline_counter(entry, invitation.organizer, attendee, stamped_at=invitation.stamped_at)
    else:
        busy = Busy.BUSY if holding.is_certain else Busy.TENTATIVE
        counter = Counter.WELCOME if words.is_for_two else Counter.REFUSED
        output = request(
            entry, invitation.organizer, attendee, busy=busy, stamped_at=invitation.stamped_at, counter=counter
        )
    return CalendarObject(invitation.method, output)


def _entry(invitation: Invitation, holding: Holding, meeting: Meeting, words: EntryWords) -> Entry:
    return Entry(
        uid=invitation.uid,
        sequence=invitation.sequence,
        starts_at=holding.starts_at,
        ends_at=holding.ends_at,
        time_zone=holding.time_zone,
        summary=words.summary,
        description=words.description,
        location=holding.location,
        url=meeting.url,
        created_at=meeting.created_at,
        last_modified_at=invitation.stamped_at,
        conference=Conference(holding.online_url, words.link) if holding.online_url else None,
        sight=Sight.PRIVATE if words.is_for_two else Sight.PUBLIC,
    )
