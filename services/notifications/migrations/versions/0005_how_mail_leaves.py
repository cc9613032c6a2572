"""how mail leaves."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_server",
        sa.Column("name", sa.String(length=10), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("away_since", Instant(), nullable=True),
        sa.Column("probe_at", Instant(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_mail_server"),
    )
    op.add_column("outgoing_mail", sa.Column("domain", sa.Text(), nullable=False, server_default=""))
    op.add_column("outgoing_mail", sa.Column("lane", sa.Integer(), nullable=True))
    op.create_index(
        "uq_outgoing_mail_lane",
        "outgoing_mail",
        ["domain", "lane"],
        unique=True,
        postgresql_where=sa.text("status = 'sending'"),
        sqlite_where=sa.text("status = 'sending'"),
    )
    _fill_in_domains()


def downgrade() -> None:
    op.drop_index("uq_outgoing_mail_lane", "outgoing_mail")
    op.drop_column("outgoing_mail", "lane")
    op.drop_column("outgoing_mail", "domain")
    op.drop_table("mail_server")


def _fill_in_domains() -> None:
    """Mails that still wait go no faster than others."""
    mail = sa.table("outgoing_mail", sa.column("id"), sa.column("recipient"), sa.column("domain"), sa.column("status"))
    here = op.get_bind()
    waiting = sa.select(mail.c.id, mail.c.recipient).where(mail.c.status.in_(["waiting", "sending"]))
    for row in here.execute(waiting).all():
        domain = row.recipient.strip().lower().rpartition("@")[2]
        here.execute(sa.update(mail).where(mail.c.id == row.id).values(domain=domain))
