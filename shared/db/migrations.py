"""Alembic for three services: each has its own script location and its own version table in its own database.

Run one after the other, never in threads: Alembic keeps its context in module globals.
"""

from pathlib import Path

from alembic import command, context
from alembic.config import Config
from sqlalchemy import MetaData

from shared.db.engine import make_engine


def configuration(folder: Path, url: str) -> Config:
    """Alembic's configuration for the scripts in ``folder`` and the database at ``url``."""
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes["url"] = url
    return config


def migrate(folder: Path, url: str) -> None:
    """Bring the database at ``url`` to the newest version of the scripts in ``folder``."""
    command.upgrade(configuration(folder, url), "head")


def run(metadata: MetaData) -> None:
    """What a service's ``migrations/env.py`` calls: run the scripts in one transaction on the configured database."""
    engine = make_engine(context.config.attributes["url"])
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    engine.dispose()
