"""A meeting as catalog knows it: what the organiser decides about it, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Literal, get_args

from shared.calendar.zones import AMSTERDAM
from shared.events.catalog import Contact, Document, ListDelivery, RegistrationTerms, SeatPlan, Session, Texts, Venue

Status = Literal["draft", "published", "cancelled", "held"]
STATUSES: tuple[Status, ...] = get_args(Status)


@dataclass(frozen=True, kw_only=True)
class MeetingDetails:
    """What an organiser decides. Instants are aware UTC; ``time_zone`` is the IANA name of the zone it is held in.

    ``regions``, ``target_groups`` and ``themes`` are codes, in the organiser's order. ``seat_plan`` is None until a
    capacity is given. ``reminders`` are hours before the start. A draft becomes public by itself at
    ``publish_at``.
    """

    title: Texts
    starts_at: datetime
    ends_at: datetime
    time_zone: str = AMSTERDAM
    summary: Texts = field(default_factory=dict)
    description: Texts = field(default_factory=dict)
    regions: tuple[str, ...] = ()
    target_groups: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    series: str | None = None
    organiser: Contact = field(default_factory=Contact)
    contact: Contact = field(default_factory=Contact)
    controller: str = ""
    format: str = ""
    visibility: Literal["public", "unlisted", "invited"] = "public"
    publish_at: datetime | None = None
    doors_open_at: datetime | None = None
    attendance_mode: Literal["offline", "online", "mixed"] = "offline"
    venue: Venue | None = None
    online_url: str = ""
    travel_info: Texts = field(default_factory=dict)
    accessibility_info: Texts = field(default_factory=dict)
    cost_note: Texts = field(default_factory=dict)
    sessions: tuple[Session, ...] = ()
    seat_plan: SeatPlan | None = None
    registration: RegistrationTerms = field(default_factory=RegistrationTerms)
    reminders: tuple[int, ...] = ()
    list_deliveries: tuple[ListDelivery, ...] = ()
    survey_url: str = ""
    documents: tuple[Document, ...] = ()
    retention_days: int = 60


@dataclass(frozen=True, kw_only=True)
class Meeting(MeetingDetails):
    """A meeting and what became of it.

    ``version`` counts every change and guards against lost updates. ``revision`` is 0 for a draft, 1 at publication
    and rises with each change after it. ``sequence`` is what calendars count: it rises with changes that matter.
    """

    id: str
    slug: str
    status: Status
    revision: int
    version: int
    sequence: int
    created_at: datetime
    changed_at: datetime
    published_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancelled_reason: str = ""

    @property
    def details(self) -> MeetingDetails:
        """Only what an organiser decides about it."""
        return MeetingDetails(**{each.name: getattr(self, each.name) for each in fields(MeetingDetails)})

    @property
    def is_draft(self) -> bool:
        """Whether only organisers may know of it."""
        return self.status == "draft"


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The text in ``language`` (``nl``, ``en``), in the other one where it is missing, else empty."""
    return texts.get(language) or next(iter(texts.values()), "")
