"""the audit log."""

import sqlalchemy as sa
from alembic import op
from uuid_utils import uuid7

from shared.db.append_only import refusal_of_changes
from shared.db.base import Instant, Json

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("act", sa.String(length=60), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("thing", sa.String(length=200), nullable=False),
        sa.Column("meeting_id", sa.String(length=36), nullable=True),
        sa.Column("facts", Json, nullable=False),
        sa.Column("why_hash", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entry"),
    )
    for column in ("at", "by", "thing", "meeting_id"):
        op.create_index(f"ix_audit_entry_{column}", "audit_entry", [column])
    op.create_table(
        "audit_why",
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["audit_entry.id"], name="fk_audit_why_entry_id_audit_entry"),
        sa.PrimaryKeyConstraint("entry_id", name="pk_audit_why"),
    )
    op.create_table(
        "audit_unsealed",
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["audit_entry.id"], name="fk_audit_unsealed_entry_id_audit_entry"),
        sa.PrimaryKeyConstraint("entry_id", name="pk_audit_unsealed"),
    )
    op.create_table(
        "audit_seal",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["audit_entry.id"], name="fk_audit_seal_entry_id_audit_entry"),
        sa.PrimaryKeyConstraint("number", name="pk_audit_seal"),
        sa.UniqueConstraint("entry_id", name="uq_audit_seal_entry_id"),
    )
    op.create_table(
        "audit_name",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_name"),
    )
    op.execute("INSERT INTO audit_name (id, name) SELECT id, email FROM organiser")
    op.execute("INSERT INTO audit_name (id, name) SELECT id, name FROM issued_key WHERE name != ''")
    _carry_over()
    op.drop_table("list_access")
    dialect = op.get_bind().dialect.name
    for table, verbs in (
        ("audit_entry", ("UPDATE", "DELETE")),
        ("audit_seal", ("UPDATE", "DELETE")),
        ("audit_why", ("UPDATE",)),
    ):
        for statement in refusal_of_changes(table, dialect, *verbs):
            op.execute(statement)


def _carry_over() -> None:
    """Every look at a list that is on record becomes an entry, in the same order, to be sealed like any other."""
    old = sa.table(
        "list_access",
        *map(sa.column, ("by", "meeting_id", "purpose", "form", "people")),
        sa.column("position"),
        sa.column("at", Instant()),
        sa.column("target_groups", Json),
    )
    entry = sa.table(
        "audit_entry",
        *map(sa.column, ("id", "act", "by", "thing", "meeting_id")),
        sa.column("at", Instant()),
        sa.column("facts", Json),
    )
    unsealed = sa.table("audit_unsealed", sa.column("entry_id"))
    connection = op.get_bind()
    for row in connection.execute(sa.select(old).order_by(old.c.position)).all():
        id_ = str(uuid7())
        facts = {"purpose": row.purpose, "form": row.form, "groups": row.target_groups, "people": row.people}
        connection.execute(
            entry.insert().values(
                id=id_,
                at=row.at,
                act="attendees.read",
                by=row.by,
                thing=row.meeting_id,
                meeting_id=row.meeting_id,
                facts=facts,
            )
        )
        connection.execute(unsealed.insert().values(entry_id=id_))


def downgrade() -> None:
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
    for table in ("audit_name", "audit_seal", "audit_unsealed", "audit_why", "audit_entry"):
        op.drop_table(table)
