"""Run by Alembic: the migrations of catalog's own database."""

from services.catalog.tables import metadata
from shared.db.migrations import run

run(metadata)
