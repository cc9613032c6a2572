"""One registration per person and meeting, with all that hangs on it, and a history that nobody edits."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
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

from services.registration.tables.foundation import MEETING_KEEP, NEEDS_KEEP, SIGN_UP_KEEP, metadata
from shared.db.base import Instant, Json, personal

registration = Table(
    "registration",  # one row per person and meeting, used again when the person signs up again
    metadata,
    Column("id", String(36), primary_key=True),
    Column("meeting_id", String(36), ForeignKey("meeting.id"), nullable=False),
    Column("address_key", Text, **personal("to know that someone signs up twice", keep=SIGN_UP_KEEP)),
    Column("companion", Integer, nullable=False, server_default="1"),  # 2 and on: others who share that mailbox
    Column("email", Text, **personal("to send the invitation", keep=SIGN_UP_KEEP)),
    Column("name", Text, nullable=False, **personal("to welcome the person", keep=SIGN_UP_KEEP)),
    Column("organisation", Text, nullable=False, **personal("to show who is reached", keep=SIGN_UP_KEEP)),
    Column("organisation_id", String(200)),
    Column("target_group", String(60), nullable=False),
    Column("status", String(20), nullable=False),
    Column("kind", String(20), nullable=False, server_default="participant"),
    Column("attendance", String(10), nullable=False),
    Column("language", String(2), nullable=False),
    Column("answers", Json, nullable=False, **personal("to prepare the meeting", keep=SIGN_UP_KEEP)),
    Column(  # access and diet
        "needs",
        Json,
        nullable=False,
        server_default="{}",
        **personal("to receive the person well", ground="consent", keep=NEEDS_KEEP),
    ),
    Column("phone", Text, **personal("to reach the person on the day", keep="the day after the meeting")),
    Column(
        "note",
        Text,
        nullable=False,
        server_default="",
        **personal("to remember what was agreed with the person", keep=SIGN_UP_KEEP),
    ),
    Column("listed", Boolean, nullable=False, server_default=false()),  # on the list that other participants see
    Column("last_moment", Boolean, nullable=False, server_default=false()),  # can come at the last moment
    Column("queue_number", Integer, nullable=False),
    Column("waits_for", String(10)),  # seat: one of the plan, also while online until then; or online
    Column("offer_until", Instant),
    Column("cause", String(20), nullable=False),  # whose act made the status what it is
    Column("override_reason", Text, **personal("to account for a seat beyond the rule", keep=SIGN_UP_KEEP)),
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
    Index("ix_registration_address_key", "address_key"),
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
    Column("name", Text, nullable=False, **personal("to hand a seat over", keep=MEETING_KEEP)),
    Column("email", Text, nullable=False, **personal("to hand a seat over", keep=MEETING_KEEP)),
    Column("address_key", Text, nullable=False, **personal("to know whose seat it becomes", keep=MEETING_KEEP)),
    Column("organisation", Text, nullable=False, **personal("to show who is reached", keep=MEETING_KEEP)),
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
    Column("reason", Text, nullable=False, **personal("to account for a change", keep=MEETING_KEEP)),
    Column("from_status", String(20)),
    Column("to_status", String(20), nullable=False),
)

idempotency = Table(
    "idempotency",  # the answers to sign-ups that came with a key, stored in the sign-up's own transaction
    metadata,
    Column("meeting_id", String(36), nullable=False),
    Column("key", String(64), nullable=False),  # a hash of what was sent
    Column("body_hash", String(64), nullable=False),
    Column("answer", Json, nullable=False, **personal("to answer a repeated request alike", keep=MEETING_KEEP)),
    Column("created_at", Instant, nullable=False),
    PrimaryKeyConstraint("meeting_id", "key"),
)
