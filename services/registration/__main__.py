"""``python -m services.registration …``."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from services.registration.app import MIGRATIONS, NAME, build_from_env, open_database, settings_from_env
from services.registration.commands import add_commands, issuers_command
from services.registration.issuers.issuer import Issuer
from shared.commands import command_group
from shared.db.transaction import Database
from shared.settings import Common, SettingError


@contextmanager
def _in_one_sentence() -> Iterator[None]:
    """A wrong setting stops here."""
    try:
        yield
    except SettingError as error:
        raise click.ClickException(str(error)) from None


def _place() -> tuple[Database, Common]:
    """The database of this environment, with its settings."""
    with _in_one_sentence():
        settings = settings_from_env(os.environ)
    return open_database(settings), settings.common


def _issuers() -> tuple[Sequence[Issuer], str]:
    """The identity providers of this environment, and our own address."""
    with _in_one_sentence():
        settings = settings_from_env(os.environ)
    return settings.issuers, settings.common.base_url


if __name__ == "__main__":
    group = command_group(NAME, build_from_env, MIGRATIONS)
    group.add_command(issuers_command(_issuers))
    add_commands(group, _place)()
