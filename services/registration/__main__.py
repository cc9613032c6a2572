"""``python -m services.registration …``."""

import os

import click

from services.registration.app import MIGRATIONS, NAME, build, build_from_env, settings_from_env
from services.registration.commands import add_commands
from shared.commands import command_group
from shared.service import Service
from shared.settings import Common, SettingError


def _running() -> tuple[Service, Common]:
    """The service of this environment, with its settings; a wrong one stops here with its one sentence."""
    try:
        settings = settings_from_env(os.environ)
    except SettingError as error:
        raise click.ClickException(str(error)) from None
    return build(settings), settings.common


if __name__ == "__main__":
    add_commands(command_group(NAME, build_from_env, MIGRATIONS), _running)()
