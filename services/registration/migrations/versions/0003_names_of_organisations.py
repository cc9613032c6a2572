"""names of organisations."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Json

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    names = op.create_table(
        "organisation_name",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("name", "organisation_id", name="pk_organisation_name"),
    )
    op.create_index("ix_organisation_name_organisation_id", "organisation_name", ["organisation_id"])

    reference = sa.table("reference", sa.column("kind"), sa.column("code"), sa.column("labels", Json))
    known = sa.select(reference.c.code, reference.c.labels).where(reference.c.kind == "organisation")
    rows = [
        {"name": name, "organisation_id": code}
        for code, labels in op.get_bind().execute(known)
        for name in {text.casefold() for text in (code, *labels.values())}
    ]
    if rows:
        op.get_bind().execute(names.insert(), rows)
