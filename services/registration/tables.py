"""What registration remembers.

Its own opinion of a meeting (what the seat rule and the pages need), one registration per person and meeting with a
history that nobody edits, who may do what, and the tables of the event flow.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from shared.db.base import IMPERSONAL, Instant, Json, flow_tables, grant_table, limit_table, new_metadata, personal

metadata = new_metadata()
flow = flow_tables(metadata)
grants = grant_table(metadata)
limits = limit_table(metadata)

_MEETING_KEEP = "until 60 days after the meeting, unless it says otherwise"
_NEEDS_KEEP = "7 days after the meeting"

meeting = Table(
    "meeting",  # a copy of catalog's facts, and the counters of the seats, kept under this row's lock
    metadata,
    Column("id", String(36), primary_key=True),
    Column("slug", String(200), nullable=False, index=True),
    Column("title", Json, nullable=False, **IMPERSONAL),
    Column("starts_at", Instant, nullable=False, index=True),
    Column("ends_at", Instant, nullable=False),
    Column("time_zone", String(60), nullable=False),
    Column("status", String(20), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("regions", Json, nullable=False, **IMPERSONAL),  # codes
    Column("target_groups", Json, nullable=False, **IMPERSONAL),  # [{code, labels}]; empty: everyone
    Column("seat_plan", Json, nullable=False, **IMPERSONAL),  # as in the event
    Column("terms", Json, nullable=False, **IMPERSONAL),  # as in the event
    Column("facts", Json, nullable=False, **personal("to say whom to ask", seen_by="everyone", keep=_MEETING_KEEP)),
    Column("series", String(100), index=True),
    Column("taken", Json, nullable=False, **IMPERSONAL),  # target group -> seats of the plan held
    Column("waiting", Json, nullable=False, **IMPERSONAL),  # target group -> people who wait for such a seat
    Column("online_taken", Integer, nullable=False, server_default="0"),  # of a mixed meeting
    Column("online_waiting", Integer, nullable=False, server_default="0"),
    Column("queue_number", Integer, nullable=False),  # the last one given out
    Column("seats_taken", Integer, nullable=False),
    Column(
        "seats_ceiling", Integer, nullable=False
    ),  # the capacity; more where the plan went below the seats held, or an organiser went over it
    Column("attendance_closed_at", Instant),  # only then who did not come is a no-show
    CheckConstraint("status IN ('draft', 'published', 'cancelled', 'held')", name="status"),
    CheckConstraint("seats_taken BETWEEN 0 AND seats_ceiling", name="seats"),
)

registration = Table(
    "registration",  # one row per person and meeting, used again when the person signs up again
    metadata,
    Column("id", String(36), primary_key=True),
    Column("meeting_id", String(36), ForeignKey("meeting.id"), nullable=False),
    Column("address_key", Text, **personal("to know that someone signs up twice", keep=_MEETING_KEEP)),
    Column("companion", Integer, nullable=False, server_default="1"),  # 2 and on: others who share that mailbox
    Column("email", Text, **personal("to send the invitation", keep=_MEETING_KEEP)),
    Column("name", Text, nullable=False, **personal("to welcome the person", keep=_MEETING_KEEP)),
    Column("organisation", Text, nullable=False, **personal("to show who is reached", keep=_MEETING_KEEP)),
    Column("organisation_id", String(200)),
    Column("target_group", String(60), nullable=False),
    Column("status", String(20), nullable=False),
    Column("kind", String(20), nullable=False, server_default="participant"),
    Column("attendance", String(10), nullable=False),
    Column("language", String(2), nullable=False),
    Column("answers", Json, nullable=False, **personal("to prepare the meeting", keep=_MEETING_KEEP)),
    Column(  # access and diet
        "needs",
        Json,
        nullable=False,
        server_default="{}",
        **personal("to receive the person well", ground="consent", keep=_NEEDS_KEEP),
    ),
    Column("phone", Text, **personal("to reach the person on the day", keep="the day after the meeting")),
    Column(
        "note",
        Text,
        nullable=False,
        server_default="",
        **personal("to remember what was agreed with the person", keep=_MEETING_KEEP),
    ),
    Column("listed", Boolean, nullable=False, server_default=false()),  # on the list that other participants see
    Column("last_moment", Boolean, nullable=False, server_default=false()),  # can come at the last moment
    Column("queue_number", Integer, nullable=False),
    Column("waits_for", String(10)),  # seat: one of the plan, also while online until then; or online
    Column("offer_until", Instant),
    Column("cause", String(20), nullable=False),  # whose act made the status what it is
    Column("override_reason", Text, **personal("to account for a seat beyond the rule", keep=_MEETING_KEEP)),
    Column("link_version", Integer, nullable=False, server_default="1"),
    Column("invitation_id", String(36)),
    Column("told_sequence", Integer),  # of the last calendar object this person was sent
    Column("told_method", String(10)),
    Column("mail_lost_since", Instant),  # mail to the person does not arrive; NULL: as far as we know it does
    Column("answer", String(10)),  # what the person's calendar last said: accepted, tentative, declined
    Column("answered_at", Instant),
    Column("asked_at", Instant, nullable=False),  # when the queue number was given
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("meeting_id", "address_key", "companion"),
    UniqueConstraint("meeting_id", "queue_number"),
    CheckConstraint(
        "status IN ('unconfirmed', 'requested', 'rejected', 'confirmed', 'waitlisted', 'offered', 'declined',"
        " 'expired', 'cancelled', 'attended', 'no_show')",
        name="status",
    ),
    CheckConstraint("kind IN ('participant', 'speaker', 'team')", name="kind"),
    CheckConstraint("attendance IN ('venue', 'online')", name="attendance"),
    CheckConstraint("waits_for IN ('seat', 'online')", name="waits_for"),
    CheckConstraint("status != 'waitlisted' OR waits_for IS NOT NULL", name="waitlisted"),
    CheckConstraint("(status = 'offered') = (offer_until IS NOT NULL)", name="offer"),
    CheckConstraint("(email IS NULL) = (address_key IS NULL)", name="address"),
    Index("ix_registration_line", "meeting_id", "status", "target_group", "queue_number"),
    Index("ix_registration_waits", "meeting_id", "waits_for", "target_group", "queue_number"),
)

session_seat = Table(
    "session_seat",  # the parts of the programme someone chose; a seat there needs a seat at the meeting
    metadata,
    Column("registration_id", String(36), ForeignKey("registration.id"), nullable=False),
    Column("session_id", String(36), nullable=False),
    Column("meeting_id", String(36), nullable=False),
    Column("status", String(20), nullable=False),
    Column("queue_number", Integer, nullable=False),  # of the meeting's numbers, when it was first chosen
    PrimaryKeyConstraint("registration_id", "session_id"),
    CheckConstraint("status IN ('confirmed', 'waitlisted')", name="status"),
    Index("ix_session_seat_line", "meeting_id", "session_id", "status", "queue_number"),
)

transfer = Table(
    "transfer",  # a seat that someone wants to hand over; until it is accepted it stays theirs
    metadata,
    Column("id", String(36), primary_key=True),
    Column("registration_id", String(36), ForeignKey("registration.id"), nullable=False, index=True),
    Column("name", Text, nullable=False, **personal("to hand a seat over", keep=_MEETING_KEEP)),
    Column("email", Text, nullable=False, **personal("to hand a seat over", keep=_MEETING_KEEP)),
    Column("address_key", Text, nullable=False, **personal("to know whose seat it becomes", keep=_MEETING_KEEP)),
    Column("organisation", Text, nullable=False, **personal("to show who is reached", keep=_MEETING_KEEP)),
    Column("organisation_id", String(200)),
    Column("target_group", String(60), nullable=False),
    Column("language", String(2), nullable=False),
    Column("status", String(20), nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("proposed_at", Instant, nullable=False),
    CheckConstraint("status IN ('pending', 'accepted', 'withdrawn')", name="status"),
)

history = Table(
    "history",  # every change of a registration: only ever added to
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("registration_id", String(36), nullable=False, index=True),
    Column("meeting_id", String(36), nullable=False),
    Column("at", Instant, nullable=False),
    Column("act", String(20), nullable=False, server_default="status"),  # what was done, as an action's verb
    Column("by", String(40), nullable=False),  # a person's id, or participant or system
    Column("cause", String(20), nullable=False),
    Column("reason", Text, nullable=False, **personal("to account for a change", keep=_MEETING_KEEP)),
    Column("from_status", String(20)),
    Column("to_status", String(20), nullable=False),
)

attendance = Table(
    "attendance",  # how many came to a meeting whose attendance was closed: no persons, so it may stay
    metadata,
    Column("meeting_id", String(36), ForeignKey("meeting.id"), nullable=False),
    Column("organisation_id", String(200), nullable=False),  # empty for all that are on no official list
    Column("target_group", String(60), nullable=False),
    Column("registered", Integer, nullable=False),
    Column("attended", Integer, nullable=False),
    PrimaryKeyConstraint("meeting_id", "organisation_id", "target_group"),
)

idempotency = Table(
    "idempotency",  # the answers to sign-ups that came with a key, stored in the sign-up's own transaction
    metadata,
    Column("meeting_id", String(36), nullable=False),
    Column("key", String(64), nullable=False),  # a hash of what was sent
    Column("body_hash", String(64), nullable=False),
    Column("answer", Json, nullable=False, **personal("to answer a repeated request alike", keep=_MEETING_KEEP)),
    Column("created_at", Instant, nullable=False),
    PrimaryKeyConstraint("meeting_id", "key"),
)

seat_notice = Table(
    "seat_notice",  # what the public sees of the seats, and when we last said how full the meeting is
    metadata,
    Column("meeting_id", String(36), ForeignKey("meeting.id"), primary_key=True),
    Column("figures", Json, nullable=False, **IMPERSONAL),
    Column("shown_at", Instant, nullable=False),
    Column("told_at", Instant),
)

reference = Table(
    "reference",  # catalog's words: target groups and organisations, and the names of regions
    metadata,
    Column("kind", String(20), nullable=False),
    Column("code", String(200), nullable=False),
    Column("labels", Json, nullable=False, **IMPERSONAL),
    Column("position", Integer, nullable=False),
    Column("merged_into", String(200)),
    Column("valid_to", Date),
    Column("organisation_kind", String(40)),
    Column("region", String(40)),
    PrimaryKeyConstraint("kind", "code"),
)

organisation_name = Table(
    "organisation_name",  # by what an organisation is found: its official address and its names, in small letters
    metadata,
    Column("name", Text, nullable=False, **IMPERSONAL),
    Column("organisation_id", String(200), nullable=False, index=True),
    PrimaryKeyConstraint("name", "organisation_id"),
)

mail_domain = Table(
    "mail_domain",  # whose people write from this domain: catalog's table, turned round
    metadata,
    Column("domain", String(255), primary_key=True),
    Column("organisation_id", String(200), nullable=False, index=True),
)

message = Table(
    "message",  # what organisers said to those who signed up
    metadata,
    Column("id", String(36), primary_key=True),
    Column("meeting_id", String(36), ForeignKey("meeting.id"), nullable=False, index=True),
    Column("by", String(40), nullable=False),
    Column("subject", Text, nullable=False, **personal("to know what was said", keep=_MEETING_KEEP)),
    Column("text", Text, nullable=False, **personal("to know what was said", keep=_MEETING_KEEP)),
    Column("segment", Json, nullable=False, **IMPERSONAL),  # statuses, target groups, regions
    Column("recipients", Integer, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("shown_until", Instant),  # on the pages, if urgent
    Column("written_at", Instant, nullable=False),
)

list_access = Table(
    "list_access",  # who saw or took a list of people, and what for: only ever added to
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("by", String(40), nullable=False),
    Column("meeting_id", String(36), nullable=False, index=True),
    Column("purpose", String(20), nullable=False),
    Column("form", String(10), nullable=False),  # page, json, csv, xlsx, pdf, badges
    Column("target_groups", Json, nullable=False, **IMPERSONAL),
    Column("people", Integer, nullable=False),
)

list_delivery = Table(
    "list_delivery",  # which list went out by itself to whom; a link to the list as a file is a signature over the id
    metadata,
    Column("id", String(36), primary_key=True),
    Column("meeting_id", String(36), ForeignKey("meeting.id"), nullable=False),
    Column("email", Text, nullable=False, **personal("to account for who got a list", keep=_MEETING_KEEP)),
    Column("target_group", String(60), nullable=False),  # empty: everyone
    Column("purpose", String(20), nullable=False),
    Column("moment", Instant, nullable=False),  # when it was to go out
    Column("valid_until", Instant, nullable=False),
    Column("as_file", Boolean, nullable=False),
    UniqueConstraint("meeting_id", "email", "target_group", "purpose", "moment"),
)

organiser = Table(
    "organiser",  # people with a role; they sign in with a link by mail
    metadata,
    Column("id", String(36), primary_key=True),
    Column("address_key", Text, nullable=False, unique=True, **personal("to sign in", keep="as long as the role")),
    Column("email", Text, nullable=False, **personal("to mail the sign-in link", keep="as long as the role")),
    Column("role", String(20), nullable=False),
    Column("regions", Json, nullable=False, **IMPERSONAL),
    Column("created_at", Instant, nullable=False),
    CheckConstraint("role IN ('manager', 'organiser', 'helper', 'auditor')", name="role"),
)

sign_in_link = Table(
    "sign_in_link",  # a link works once; the link itself is a signature and stands nowhere
    metadata,
    Column("id", String(36), primary_key=True),
    Column("person_id", String(36), ForeignKey("organiser.id"), nullable=False),
    Column("valid_until", Instant, nullable=False),
    Column("used", Boolean, nullable=False),
)

issued_key = Table(
    "issued_key",  # what organisers call their keys; the grant holds the rest
    metadata,
    Column("id", String(36), ForeignKey("access_grant.id"), primary_key=True),
    Column(
        "name",
        Text,
        nullable=False,
        **personal("to tell keys apart", seen_by="programme managers", keep="with the key"),
    ),
    Column("issued_at", Instant, nullable=False),
)
