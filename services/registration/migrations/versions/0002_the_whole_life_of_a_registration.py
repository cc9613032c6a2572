"""the whole life of a registration."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Instant, Json

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "list_access",
        sa.Column("position", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("form", sa.String(length=10), nullable=False),
        sa.Column("target_groups", Json, nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_list_access"),
    )
    op.create_index("ix_list_access_meeting_id", "list_access", ["meeting_id"])

    op.create_table(
        "mail_domain",
        sa.Column("domain", sa.String(length=255), nullable=False),
        sa.Column("organisation_id", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("domain", name="pk_mail_domain"),
    )
    op.create_index("ix_mail_domain_organisation_id", "mail_domain", ["organisation_id"])

    op.create_table(
        "message",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("segment", Json, nullable=False),
        sa.Column("recipients", sa.Integer(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("shown_until", Instant(), nullable=True),
        sa.Column("written_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_message_meeting_id_meeting"),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
    )
    op.create_index("ix_message_meeting_id", "message", ["meeting_id"])

    op.create_table(
        "session_seat",
        sa.Column("registration_id", sa.String(length=36), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("queue_number", sa.Integer(), nullable=False),
        sa.CheckConstraint("status IN ('confirmed', 'waitlisted')", name="ck_session_seat_status"),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name="fk_session_seat_registration_id_registration"
        ),
        sa.PrimaryKeyConstraint("registration_id", "session_id", name="pk_session_seat"),
    )
    op.create_index("ix_session_seat_line", "session_seat", ["meeting_id", "session_id", "status", "queue_number"])

    op.create_table(
        "transfer",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("registration_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.String(length=200), nullable=True),
        sa.Column("target_group", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("proposed_at", Instant(), nullable=False),
        sa.CheckConstraint("status IN ('pending', 'accepted', 'withdrawn')", name="ck_transfer_status"),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name="fk_transfer_registration_id_registration"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_transfer"),
    )
    op.create_index("ix_transfer_registration_id", "transfer", ["registration_id"])

    with op.batch_alter_table("history") as batch_op:
        batch_op.add_column(sa.Column("act", sa.String(length=20), server_default="status", nullable=False))

    with op.batch_alter_table("meeting") as batch_op:
        batch_op.add_column(sa.Column("series", sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column("online_taken", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("online_waiting", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("attendance_closed_at", Instant(), nullable=True))
        batch_op.create_index("ix_meeting_series", ["series"], unique=False)

    meeting = sa.table("meeting", sa.column("series", sa.String()), sa.column("facts", Json))
    op.execute(meeting.update().values(series=meeting.c.facts["series"].as_string()))
    with op.batch_alter_table("reference") as batch_op:
        batch_op.add_column(sa.Column("organisation_kind", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("region", sa.String(length=40), nullable=True))

    with op.batch_alter_table("registration") as batch_op:
        batch_op.add_column(sa.Column("companion", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("needs", Json, server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("phone", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("note", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("listed", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("last_moment", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("waits_for", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("offer_until", Instant(), nullable=True))
    op.execute("UPDATE registration SET waits_for = 'seat' WHERE status = 'waitlisted'")
    with op.batch_alter_table("registration") as batch_op:
        batch_op.create_check_constraint(op.f("ck_registration_waits_for"), "waits_for IN ('seat', 'online')")
        batch_op.create_check_constraint(
            op.f("ck_registration_waitlisted"), "status != 'waitlisted' OR waits_for IS NOT NULL"
        )
        batch_op.create_check_constraint(
            op.f("ck_registration_offer"), "(status = 'offered') = (offer_until IS NOT NULL)"
        )
        batch_op.drop_constraint("uq_registration_meeting_id_address_key", type_="unique")
        batch_op.create_index(
            "ix_registration_waits", ["meeting_id", "waits_for", "target_group", "queue_number"], unique=False
        )
        batch_op.create_unique_constraint(
            "uq_registration_meeting_id_address_key_companion", ["meeting_id", "address_key", "companion"]
        )
