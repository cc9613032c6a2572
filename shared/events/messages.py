"""What registration has to say to people: an organiser's words, and a list that goes out by itself."""

from dataclasses import dataclass
from datetime import datetime

from shared.events.contract import event, personal
from shared.events.people import Person


@event("message.written", by="registration", aggregate="message", key="id")
@dataclass(frozen=True, kw_only=True)
class MessageWritten:
    """An organiser has something to say to these registrations of a meeting.

    An urgent one also stands on the pages until ``shown_until``. A long list comes in several events, ``part`` of
    ``parts``.
    """

    id: str
    meeting_id: str
    subject: str = personal()
    text: str = personal()
    urgent: bool = False
    shown_until: datetime | None = None
    registration_ids: tuple[str, ...] = ()
    part: int = 1
    parts: int = 1


@event("list.delivered", by="registration", aggregate="list", key="id", whose="to.email")
@dataclass(frozen=True, kw_only=True)
class ListDelivered:
    """The moment came at which somebody whom a meeting names gets an attendee list: the mail tells where it is.

    Where the list may be a file, the link that is mailed is a signature over ``id``, good until ``valid_until``; else
    it leads behind sign-in. Nobody who stands on the list is in this event.
    """

    id: str
    meeting_id: str
    to: Person
    valid_until: datetime
    purpose: str
    target_group: str | None = None
    as_file: bool = False
