"""whether we know what the others told."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Instant

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_TELL_NO_STATE = (
    "acceptance.refused",
    "invitation.accepted",
    "invitation.countered",
    "invitation.declined",
    "invitation.tentative",
    "registration.repeated",
    "transfer.proposed",
)
"""The types that share a stream with facts and are none themselves."""

_FACTS_SEEN = sa.text(
    """
    UPDATE seen SET fact_epoch = epoch, fact_version = coalesce(
        (SELECT max(version) FROM inbox WHERE inbox.publisher = seen.publisher AND inbox.aggregate = seen.aggregate
         AND inbox.aggregate_id = seen.aggregate_id AND inbox.epoch = seen.epoch AND inbox.state = 'done'
         AND inbox.type NOT IN :no_state), 0)
    """
).bindparams(sa.bindparam("no_state", _TELL_NO_STATE, expanding=True))


def upgrade() -> None:
    for name in ("fact_epoch", "fact_version"):
        op.add_column("seen", sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    op.execute(_FACTS_SEEN)
    op.create_table(
        "digest",
        sa.Column("publisher", sa.String(length=40), nullable=False),
        sa.Column("aggregate", sa.String(length=40), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("ours", sa.Integer(), nullable=False),
        sa.Column("theirs", sa.Integer(), nullable=False),
        sa.Column("differs", sa.Integer(), nullable=False),
        sa.Column("heals", sa.Integer(), nullable=False),
        sa.Column("looked_at", Instant(), nullable=False),
        sa.Column("healed_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("publisher", "aggregate", name="pk_digest"),
    )


def downgrade() -> None:
    op.drop_table("digest")
    for name in ("fact_version", "fact_epoch"):
        op.drop_column("seen", name)
