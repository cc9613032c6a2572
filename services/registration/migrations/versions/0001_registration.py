"""the tables of registration."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Instant, Json

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_grant",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("regions", Json, nullable=False),
        sa.Column("meeting_id", sa.String(length=36), nullable=True),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.Column("valid_until", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_access_grant"),
        sa.UniqueConstraint("secret_hash", name="uq_access_grant_secret_hash"),
    )
    op.create_table(
        "due",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject", name="pk_due"),
    )
    op.create_index("ix_due_at", "due", ["at"], unique=False)

    op.create_table(
        "history",
        sa.Column("position", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("registration_id", sa.String(length=36), nullable=False),
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("from_status", sa.String(length=20), nullable=True),
        sa.Column("to_status", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_history"),
    )
    op.create_index("ix_history_registration_id", "history", ["registration_id"], unique=False)

    op.create_table(
        "idempotency",
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("answer", Json, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("meeting_id", "key", name="pk_idempotency"),
    )
    op.create_table(
        "inbox",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("publisher", sa.String(length=40), nullable=False),
        sa.Column("type", sa.String(length=80), nullable=False),
        sa.Column("aggregate", sa.String(length=40), nullable=False),
        sa.Column("aggregate_id", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("waiting_for", sa.String(length=240), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", Instant(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("received_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
    )
    op.create_index(
        "ix_inbox_aggregate_id_state", "inbox", ["publisher", "aggregate", "aggregate_id", "state"], unique=False
    )
    op.create_index("ix_inbox_position", "inbox", ["position"], unique=False)
    op.create_index("ix_inbox_state_next_attempt_at", "inbox", ["state", "next_attempt_at"], unique=False)
    op.create_index("ix_inbox_waiting_for", "inbox", ["waiting_for"], unique=False)

    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_lease"),
    )
    op.create_table(
        "meeting",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("title", Json, nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("regions", Json, nullable=False),
        sa.Column("target_groups", Json, nullable=False),
        sa.Column("seat_plan", Json, nullable=False),
        sa.Column("terms", Json, nullable=False),
        sa.Column("facts", Json, nullable=False),
        sa.Column("taken", Json, nullable=False),
        sa.Column("waiting", Json, nullable=False),
        sa.Column("queue_number", sa.Integer(), nullable=False),
        sa.Column("seats_taken", sa.Integer(), nullable=False),
        sa.Column("seats_ceiling", sa.Integer(), nullable=False),
        sa.CheckConstraint("status IN ('draft', 'published', 'cancelled', 'held')", name="ck_meeting_status"),
        sa.CheckConstraint("seats_taken BETWEEN 0 AND seats_ceiling", name="ck_meeting_seats"),
        sa.PrimaryKeyConstraint("id", name="pk_meeting"),
    )
    op.create_index("ix_meeting_slug", "meeting", ["slug"], unique=False)
    op.create_index("ix_meeting_starts_at", "meeting", ["starts_at"], unique=False)

    op.create_table(
        "organiser",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("regions", Json, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.CheckConstraint("role IN ('manager', 'organiser', 'helper', 'auditor')", name="ck_organiser_role"),
        sa.PrimaryKeyConstraint("id", name="pk_organiser"),
        sa.UniqueConstraint("address_key", name="uq_organiser_address_key"),
    )
    op.create_table(
        "outbox",
        sa.Column("position", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("type", sa.String(length=80), nullable=False),
        sa.Column("type_version", sa.Integer(), nullable=False),
        sa.Column("aggregate", sa.String(length=40), nullable=False),
        sa.Column("aggregate_id", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("occurred_at", Instant(), nullable=False),
        sa.Column("correlation_id", sa.String(length=80), nullable=False),
        sa.Column("causation_id", sa.String(length=80), nullable=True),
        sa.Column("payload", Json, nullable=False),
        sa.Column("published_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("position", name="pk_outbox"),
        sa.UniqueConstraint("id", name="uq_outbox_id"),
    )
    op.create_index(
        "ix_outbox_aggregate_aggregate_id_version", "outbox", ["aggregate", "aggregate_id", "version"], unique=False
    )
    op.create_index(
        "ix_outbox_unpublished",
        "outbox",
        ["position"],
        unique=False,
        postgresql_where=sa.text("published_at IS NULL"),
        sqlite_where=sa.text("published_at IS NULL"),
    )

    op.create_table(
        "rate_limit",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_rate_limit"),
    )
    op.create_index("ix_rate_limit_expires_at", "rate_limit", ["expires_at"], unique=False)

    op.create_table(
        "reference",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("labels", Json, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("merged_into", sa.String(length=200), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("kind", "code", name="pk_reference"),
    )
    op.create_table(
        "seen",
        sa.Column("publisher", sa.String(length=40), nullable=False),
        sa.Column("aggregate", sa.String(length=40), nullable=False),
        sa.Column("aggregate_id", sa.String(length=200), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("publisher", "aggregate", "aggregate_id", name="pk_seen"),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_setting"),
    )
    op.create_table(
        "stream",
        sa.Column("aggregate", sa.String(length=40), nullable=False),
        sa.Column("aggregate_id", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("aggregate", "aggregate_id", name="pk_stream"),
    )
    op.create_table(
        "issued_key",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("issued_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["access_grant.id"], name="fk_issued_key_id_access_grant"),
        sa.PrimaryKeyConstraint("id", name="pk_issued_key"),
    )
    op.create_table(
        "registration",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.Column("address_key", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.String(length=200), nullable=True),
        sa.Column("target_group", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), server_default="participant", nullable=False),
        sa.Column("attendance", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("answers", Json, nullable=False),
        sa.Column("queue_number", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("override_reason", sa.Text(), nullable=True),
        sa.Column("link_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("invitation_id", sa.String(length=36), nullable=True),
        sa.Column("told_sequence", sa.Integer(), nullable=True),
        sa.Column("told_method", sa.String(length=10), nullable=True),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.CheckConstraint("attendance IN ('venue', 'online')", name="ck_registration_attendance"),
        sa.CheckConstraint("kind IN ('participant', 'speaker', 'team')", name="ck_registration_kind"),
        sa.CheckConstraint(
            "status IN ('unconfirmed', 'requested', 'rejected', 'confirmed', 'waitlisted', "
            "'offered', 'declined', 'expired', 'cancelled', 'attended', 'no_show')",
            name="ck_registration_status",
        ),
        sa.CheckConstraint("(email IS NULL) = (address_key IS NULL)", name="ck_registration_address"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_registration_meeting_id_meeting"),
        sa.PrimaryKeyConstraint("id", name="pk_registration"),
        sa.UniqueConstraint("meeting_id", "address_key", name="uq_registration_meeting_id_address_key"),
        sa.UniqueConstraint("meeting_id", "queue_number", name="uq_registration_meeting_id_queue_number"),
    )
    op.create_index(
        "ix_registration_line", "registration", ["meeting_id", "status", "target_group", "queue_number"], unique=False
    )

    op.create_table(
        "seat_notice",
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.Column("figures", Json, nullable=False),
        sa.Column("shown_at", Instant(), nullable=False),
        sa.Column("told_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_seat_notice_meeting_id_meeting"),
        sa.PrimaryKeyConstraint("meeting_id", name="pk_seat_notice"),
    )
    op.create_table(
        "sign_in_link",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("valid_until", Instant(), nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["organiser.id"], name="fk_sign_in_link_person_id_organiser"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_link"),
    )


def downgrade() -> None:
    """There is nothing before the first version."""
