"""``python -m services.registration …``."""

import os

import click

from services.registration.app import MIGRATIONS, NAME, build_from_env, open_database, settings_from_env
from services.registration.commands import add_commands
from shared.commands import command_group
from shared.db.transaction import Database
from shared.settings import Common, SettingError


def _place() -> tuple[Database, Common]:
    """The database of this environment, with its settings; a wrong one stops here with its one sentence."""
    try:
        settings = settings_from_env(os.environ)
    except SettingError as error:
        raise click.ClickException(str(error)) from None
    return open_database(settings), settings.common


if __name__ == "__main__":
    add_commands(command_group(NAME, build_from_env, MIGRATIONS), _place)()
