"""Its own opinion of a meeting: what the seat rule and the pages need of it, and how full it is."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, PrimaryKeyConstraint, String, Table

from services.registration.tables.foundation import metadata
from shared.db.base import IMPERSONAL, Instant, Json, personal
from shared.i18n import N_

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
    Column(
        "facts",
        Json,
        nullable=False,
        **personal("to say whom to ask", seen_by="everyone", keep=N_("as long as the meeting")),
    ),
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

seat_notice = Table(
    "seat_notice",  # what the public sees of the seats, and when we last said how full the meeting is
    metadata,
    Column("meeting_id", String(36), ForeignKey("meeting.id"), primary_key=True),
    Column("figures", Json, nullable=False, **IMPERSONAL),
    Column("shown_at", Instant, nullable=False),
    Column("told_at", Instant),
)
