"""addresses that bounce."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Instant, Json

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bounced_address",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("since", Instant(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("reported", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bounced_address"),
        sa.UniqueConstraint("address", name="uq_bounced_address_address"),
    )
    op.add_column("registration", sa.Column("address", sa.Text(), nullable=True))
    op.create_index("ix_registration_address", "registration", ["address"])
    op.add_column("outgoing_mail", sa.Column("token", sa.String(length=60), nullable=False, server_default=""))
    op.create_index("ix_outgoing_mail_token", "outgoing_mail", ["token"])
    _fill_in_addresses()
    _fill_in_tokens()


def downgrade() -> None:
    op.drop_index("ix_outgoing_mail_token", "outgoing_mail")
    op.drop_column("outgoing_mail", "token")
    op.drop_index("ix_registration_address", "registration")
    op.drop_column("registration", "address")
    op.drop_table("bounced_address")


def _fill_in_addresses() -> None:
    """Registrations that are there already have theirs in their facts."""
    registration = sa.table("registration", sa.column("id"), sa.column("address"), sa.column("facts", Json))
    here = op.get_bind()
    for row in here.execute(sa.select(registration.c.id, registration.c.facts)).all():
        email = row.facts["person"]["email"]
        if email is not None:
            this = registration.c.id == row.id
            here.execute(sa.update(registration).where(this).values(address=email.strip().lower()))


def _fill_in_tokens() -> None:
    """Mails that left already bore the token of their invitation, if they had one."""
    mail = sa.table("outgoing_mail", sa.column("invitation_id"), sa.column("token"))
    invitation = sa.table("invitation", sa.column("id"), sa.column("token"))
    its = sa.select(invitation.c.token).where(invitation.c.id == mail.c.invitation_id).scalar_subquery()
    op.execute(sa.update(mail).where(mail.c.invitation_id.is_not(None)).values(token=its))
