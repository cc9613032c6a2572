"""editors with an address."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_NAME = op.f("ck_organiser_ck_organiser_role")  # as the first migration came to name it
_BEFORE = "role IN ('manager', 'organiser', 'helper', 'auditor')"
_NOW = "role IN ('manager', 'organiser', 'helper', 'editor', 'auditor')"


def upgrade() -> None:
    _let_be(_NOW)


def downgrade() -> None:
    op.execute("DELETE FROM sign_in_link WHERE person_id IN (SELECT id FROM organiser WHERE role = 'editor')")
    op.execute("DELETE FROM organiser WHERE role = 'editor'")
    _let_be(_BEFORE)


def _let_be(condition: str) -> None:
    with op.batch_alter_table("organiser") as batch_op:
        batch_op.drop_constraint(_NAME, type_="check")
        batch_op.create_check_constraint(_NAME, condition)
