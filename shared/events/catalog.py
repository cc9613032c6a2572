"""What catalog tells: facts about meetings and about the words the network uses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from shared.events.contract import event, personal

Texts = Mapping[str, str]
"""A text per language: ``{"nl": …, "en": …}``; one language is enough."""


@event("reference.changed", by="catalog", aggregate="reference", key="id", carries_state=True)
@dataclass(frozen=True, kw_only=True)
class ReferenceChanged:
    """One region, target group, theme or organisation, as it is now. ``id`` is ``kind:code``."""

    id: str
    kind: Literal["region", "target-group", "theme", "organisation"]
    code: str
    labels: Texts
    organisation_kind: str | None = None
    region: str | None = None
    email_domains: tuple[str, ...] = ()
    merged_into: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    position: int = 0


@dataclass(frozen=True, kw_only=True)
class Label:
    """A code with its words, so that a receiver never has to ask back."""

    code: str
    labels: Texts


@dataclass(frozen=True, kw_only=True)
class Contact:
    """An office or a person that answers questions."""

    name: str = personal(default="")
    email: str = personal(default="")
    phone: str = personal(default="")


@dataclass(frozen=True, kw_only=True)
class Venue:
    """Where people meet."""

    name: str = ""
    address: str = ""
    postal_code: str = ""
    city: str = ""


@dataclass(frozen=True, kw_only=True)
class Session:
    """A part of the programme; with ``capacity`` it has seats of its own."""

    id: str
    title: Texts
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    speaker: str = personal(default="")
    room: str = ""
    capacity: int | None = None


@dataclass(frozen=True, kw_only=True)
class SeatPlan:
    """How many seats there are and for whom; ``reserved`` and ``maximum`` per target group code."""

    capacity: int
    online_capacity: int | None = None
    reserved: Mapping[str, int] = field(default_factory=dict)
    maximum: Mapping[str, int] = field(default_factory=dict)
    release_at: datetime | None = None
    waiting_list: bool = True
    promotion: Literal["automatic", "offer", "manual"] = "automatic"
    offer_hours: int = 24
    cutoff_hours: int = 24


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a meeting asks of those who sign up. ``options`` are for a choice; no ``target_groups`` means everyone."""

    id: str
    label: Texts
    kind: Literal["text", "choice", "several", "yes-no"] = "text"
    options: tuple[Texts, ...] = ()
    target_groups: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, kw_only=True)
class RegistrationTerms:
    """How one signs up. ``questions`` are the words alone of ``questionnaire``, which came later and says it all.

    ``ask_access``, ``ask_diet`` and ``ask_phone`` turn a field on; access and diet are sensitive. ``transfer_anyone``
    lets a seat be handed over to someone of another organisation too.
    """

    opens_at: datetime | None = None
    closes_at: datetime | None = None
    cancel_free_until_hours: int = 72
    approval: bool = False
    confirm_first: bool = False
    other_roles: bool = False
    ask_access: bool = False
    ask_diet: bool = False
    questions: tuple[str, ...] = ()
    questionnaire: tuple[Question, ...] = ()
    ask_phone: bool = False
    transfer_anyone: bool = False


@dataclass(frozen=True, kw_only=True)
class ListDelivery:
    """Who gets the attendee list of which target group (None: of all), and how many hours before the start.

    A negative number is after it. ``as_file`` lets them have the list as a file, where a link behind sign-in is the
    rule. What stands on it follows from its ``purpose``.
    """

    hours_before: int
    email: str = personal()
    name: str = personal(default="")
    target_group: str | None = None
    as_file: bool = False
    purpose: Literal["full", "door", "catering", "reception", "participants", "report"] = "reception"


@dataclass(frozen=True, kw_only=True)
class Document:
    """Something to read of a meeting, such as the slides, where it stands on the web."""

    title: Texts
    url: str


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """All public and organiser facts of one meeting. Instants are aware UTC; ``time_zone`` is an IANA name.

    Who has the address of one of ``participant_documents`` can open it: they are told to people with a seat alone.
    """

    id: str
    slug: str
    url: str
    title: Texts
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    status: Literal["draft", "published", "cancelled", "held"]
    revision: int
    regions: tuple[Label, ...]
    target_groups: tuple[Label, ...]
    seat_plan: SeatPlan
    organiser: Contact
    created_at: datetime
    changed_at: datetime
    summary: Texts = field(default_factory=dict)
    description: Texts = field(default_factory=dict)
    themes: tuple[Label, ...] = ()
    series: str | None = None
    contact: Contact = field(default_factory=Contact)
    controller: str = ""
    format: str = ""
    visibility: Literal["public", "unlisted", "invited"] = "public"
    doors_open_at: datetime | None = None
    attendance_mode: Literal["offline", "online", "mixed"] = "offline"
    venue: Venue | None = None
    online_url: str = ""
    travel_info: Texts = field(default_factory=dict)
    accessibility_info: Texts = field(default_factory=dict)
    cost_note: Texts = field(default_factory=dict)
    sessions: tuple[Session, ...] = ()
    registration: RegistrationTerms = field(default_factory=RegistrationTerms)
    reminders: tuple[int, ...] = ()
    list_deliveries: tuple[ListDelivery, ...] = ()
    survey_url: str = ""
    retention_days: int = 60
    cancelled_reason: str = ""
    documents: tuple[Document, ...] = ()
    participant_documents: tuple[Document, ...] = ()


@event("meeting.published", by="catalog", aggregate="meeting", key="meeting.id", carries_state=True)
@dataclass(frozen=True, kw_only=True)
class MeetingPublished:
    """A draft became public."""

    meeting: Meeting


@event("meeting.changed", by="catalog", aggregate="meeting", key="meeting.id", carries_state=True)
@dataclass(frozen=True, kw_only=True)
class MeetingChanged:
    """A published meeting changed; ``changed`` names kinds of fields: ``time``, ``place``, ``seats``, ``text`` …."""

    meeting: Meeting
    changed: tuple[str, ...] = ()
    reason: str = ""


@event("meeting.cancelled", by="catalog", aggregate="meeting", key="meeting.id", carries_state=True)
@dataclass(frozen=True, kw_only=True)
class MeetingCancelled:
    """The organiser called the meeting off."""

    meeting: Meeting
    reason: str = ""


@event("meeting.held", by="catalog", aggregate="meeting", key="meeting.id", carries_state=True)
@dataclass(frozen=True, kw_only=True)
class MeetingHeld:
    """The meeting's end has passed."""

    meeting: Meeting
