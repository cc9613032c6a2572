"""Run by Alembic: the migrations of notifications's own database."""

from services.notifications.tables import metadata
from shared.db.migrations import run

run(metadata)
