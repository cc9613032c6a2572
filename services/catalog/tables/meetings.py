"""Meetings, how full they are, who came, and what feeds are made of."""

from sqlalchemy import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    literal_column,
)

from services.catalog.tables.foundation import Facts, ManyFacts, metadata
from shared.db.base import IMPERSONAL, Instant, Json, personal
from shared.events.catalog import Contact, Document, ListDelivery, RegistrationTerms, SeatPlan, Session, Venue

_SAID = personal("to warn who comes", seen_by="everyone", keep="as long as the meeting")
_OFFICE = personal("to answer questions about the meeting", seen_by="everyone", keep="as long as the meeting")

meeting = Table(
    "meeting",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("slug", String(100), nullable=False, unique=True),
    Column("status", String(10), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("title", Json, nullable=False, **IMPERSONAL),
    Column("summary", Json, nullable=False, **IMPERSONAL),
    Column("description", Json, nullable=False, **IMPERSONAL),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("time_zone", String(60), nullable=False),
    Column("series", String(100), index=True),
    Column("organiser", Facts(Contact), nullable=False, **_OFFICE),
    Column("organisation", String(200), index=True),  # the code of the organisation that the organiser's name is of
    Column("contact", Facts(Contact), nullable=False, **_OFFICE),
    Column("controller", Text, nullable=False, **IMPERSONAL),
    Column("format", Text, nullable=False, **IMPERSONAL),
    Column("visibility", String(10), nullable=False),
    Column("publish_at", Instant),  # of a draft
    Column("doors_open_at", Instant),
    Column("attendance_mode", String(10), nullable=False),
    Column("venue", Facts(Venue)),
    Column("online_url", Text, nullable=False, **IMPERSONAL),
    Column("travel_info", Json, nullable=False, **IMPERSONAL),
    Column("accessibility_info", Json, nullable=False, **IMPERSONAL),
    Column("cost_note", Json, nullable=False, **IMPERSONAL),
    Column(
        "sessions",
        ManyFacts(Session),
        nullable=False,
        **personal("to say who speaks", seen_by="everyone", keep="as long as the meeting"),
    ),
    Column("seat_plan", Facts(SeatPlan)),
    Column("registration", Facts(RegistrationTerms), nullable=False),
    Column("reminders", Json, nullable=False, **IMPERSONAL),
    Column(
        "list_deliveries",
        ManyFacts(ListDelivery),
        nullable=False,
        **personal("to send the attendee list to who needs it", keep="as long as the meeting"),
    ),
    Column("survey_url", Text, nullable=False, **IMPERSONAL),
    Column("documents", ManyFacts(Document), nullable=False, server_default="[]"),
    Column("retention_days", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("published_at", Instant),
    Column("cancelled_at", Instant),
    Column("cancelled_reason", Text, nullable=False, **IMPERSONAL),
    Index("ix_meeting_starts_at_id", "starts_at", "id"),
)
Index(
    "ix_meeting_coming",  # the list of what is to come reads a page of it, however many were held
    meeting.c.starts_at,
    meeting.c.id,
    postgresql_where=meeting.c.status != literal_column("'held'"),
    sqlite_where=meeting.c.status != literal_column("'held'"),
)

meeting_word = Table(
    "meeting_word",  # which regions, target groups and themes a meeting has, in the organiser's order
    metadata,
    Column("meeting_id", String(36), ForeignKey("meeting.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("code", String(200), nullable=False),
    Column("position", Integer, nullable=False),
    PrimaryKeyConstraint("meeting_id", "kind", "code"),
    ForeignKeyConstraint(["kind", "code"], ["reference.kind", "reference.code"]),
    Index("ix_meeting_word_kind_code", "kind", "code"),
)

seats = Table(
    "seats",  # how full a meeting is, as registration last told; the public sees what was shown at most a minute ago
    metadata,
    Column("meeting_id", String(36), primary_key=True),
    Column("newest", Json, nullable=False, **IMPERSONAL),
    Column("shown", Json, nullable=False, **IMPERSONAL),
    Column("shown_at", Instant, nullable=False),
)

attendance = Table(
    "attendance",  # how many came to a meeting, as registration counted after it: no persons, so it may stay
    metadata,
    Column("meeting_id", String(36), nullable=False),
    Column("organisation", String(200), nullable=False),  # its code; empty for all that are on no official list
    Column("target_group", String(60), nullable=False),
    Column("registered", Integer, nullable=False),
    Column("attended", Integer, nullable=False),
    Column("no_show", Integer, nullable=False),
    Column("counted_at", Instant),  # when registration told; NULL of what an older release counted
    PrimaryKeyConstraint("meeting_id", "organisation", "target_group"),
    Index("ix_attendance_organisation", "organisation"),
)

urgent_notice = Table(
    "urgent_notice",  # what an organiser has to say on the day itself, until the end of the meeting
    metadata,
    Column("message_id", String(36), primary_key=True),
    Column("meeting_id", String(36), nullable=False, index=True),
    Column("subject", Text, nullable=False, **_SAID),
    Column("text", Text, nullable=False, **_SAID),
    Column("shown_until", Instant, nullable=False),
)

kept_entry = Table(
    "kept_entry",  # one meeting as feeds show it, rendered when it changed (calendar rule 26)
    metadata,
    Column("meeting_id", String(36), ForeignKey("meeting.id", ondelete="CASCADE"), nullable=False),
    Column("language", String(2), nullable=False),
    Column("body", LargeBinary, nullable=False),  # its VEVENT
    Column("atom", LargeBinary, nullable=False, server_default=""),
    Column("version", Integer, nullable=False, server_default="0", index=True),  # of the catalogue, when it changed
    PrimaryKeyConstraint("meeting_id", "language"),
)

catalogue = Table(
    "catalogue",  # one row; its numbers only rise
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),  # with whatever may change a feed
    Column("changed_at", Instant, nullable=False),  # when that was; moves only forward
    Column(
        "pages", Integer, nullable=False, server_default="0"
    ),  # with whatever may change what everyone sees of meetings
)
