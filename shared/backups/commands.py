"""The operators' door to backups: ``python -m services.<name> backup FILE`` and ``restore FILE``."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

from shared.backups.errors import BackupError
from shared.backups.files import put_back, save
from shared.backups.sqlite import Progress
from shared.db.migrations import migrate
from shared.restoring import take_up_again
from shared.service import Service

_FILE = click.Path(path_type=Path, dir_okay=False)


def backup_commands(build: Callable[[], Service], migrations: Path) -> list[click.Command]:
    """``backup`` and ``restore`` of a service whose migrations stand in ``migrations``."""
    return [_backup(build), _restore(build, migrations)]


def bring_back(build: Callable[[], Service], migrations: Path, file: Path, erasures: Iterable[str]) -> int:
    """Put ``file`` back as the database of the service that ``build`` gives, and let it take part again.

    ``erasures`` are lines of the ledger that was kept apart. Gives how many kinds of facts were asked for; raises
    ``BackupError`` where it could not be put back, ``ValueError`` for a line that is none.
    """
    name, database = _let_go(build())
    with shown(f"putting {name} back") as progress:
        put_back(file, database, migrations, progress)
    migrate(migrations, database)
    service = build()
    try:
        return take_up_again(service, erasures)
    finally:
        service.database.engine.dispose()


@contextmanager
def shown(label: str) -> Iterator[Progress]:
    """A bar on a terminal, and elsewhere the label alone, for what takes long; gives what to tell of it."""
    with click.progressbar(length=1, label=label) as bar:

        def tell(done: int, of: int) -> None:
            bar.length = of
            bar.update(done - bar.pos)

        yield tell


def _backup(build: Callable[[], Service]) -> click.Command:
    @click.command("backup")
    @click.argument("file", type=_FILE)
    def backup(file: Path) -> None:
        """Copy the database to FILE, while the service runs."""
        name, database = _let_go(build())
        with _in_one_sentence(), shown(f"copying {name}") as progress:
            save(database, file, progress)
        click.echo(f"{file}: {file.stat().st_size / 1e6:.1f} MB")

    return backup


def _restore(build: Callable[[], Service], migrations: Path) -> click.Command:
    @click.command("restore")
    @click.argument("file", type=_FILE)
    @click.option("--erasures", type=click.File(), help="lines of `erasures list`, where all services are put back")
    def restore(file: Path, erasures: IO[str] | None) -> None:
        """Put the copy in FILE back, bring it to this version, and erase again whoever was erased since."""
        with _in_one_sentence():
            asked = bring_back(build, migrations, file, erasures or ())
        click.echo(f"asked for {asked} kinds of facts")

    return restore


def _let_go(service: Service) -> tuple[str, str]:
    """The name of a service and where its database is, with no connection of ours to it left."""
    url = service.database.engine.url.render_as_string(hide_password=False)
    service.database.engine.dispose()
    return service.name, url


@contextmanager
def _in_one_sentence() -> Iterator[None]:
    try:
        yield
    except (BackupError, ValueError) as error:
        raise click.ClickException(str(error)) from None
