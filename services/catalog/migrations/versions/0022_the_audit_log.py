"""the audit log."""

import sqlalchemy as sa
from alembic import op

from shared.db.append_only import refusal_of_changes
from shared.db.base import Instant, Json

revision = "0022"
down_revision = "0021"
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
    op.execute("INSERT INTO audit_name (id, name) SELECT id, name FROM organiser_name")
    op.drop_table("organiser_name")
    dialect = op.get_bind().dialect.name
    for table, verbs in (
        ("audit_entry", ("UPDATE", "DELETE")),
        ("audit_seal", ("UPDATE", "DELETE")),
        ("audit_why", ("UPDATE",)),
    ):
        for statement in refusal_of_changes(table, dialect, *verbs):
            op.execute(statement)


def downgrade() -> None:
    op.create_table(
        "organiser_name",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organiser_name"),
    )
    op.execute("INSERT INTO organiser_name (id, name) SELECT id, name FROM audit_name")
    for table in ("audit_name", "audit_seal", "audit_unsealed", "audit_why", "audit_entry"):
        op.drop_table(table)
