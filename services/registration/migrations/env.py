"""Alembic's way in."""

from services.registration.tables import metadata
from shared.db.migrations import run

run(metadata)
