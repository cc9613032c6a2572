"""For operators of one machine: all three databases as files of one moment's folder, and the way back.

    python -m deploy.backup save FOLDER --erasures FILE      while Kring runs; --keep DAYS throws older ones away
    python -m deploy.backup restore FOLDER/WHEN --erasures FILE   while it is stopped

FILE is the ledger of who was erased (keyed hashes, no names): it is added to at each save, and must lie elsewhere than
the backups, for whoever puts an old backup back needs the newest ledger.
"""

import os
import re
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import click

from deploy.assembly import MODULES, SERVICES
from deploy.one_machine import only_one, require_production
from shared.backups.commands import bring_back, shown
from shared.backups.errors import BackupError
from shared.backups.files import save as save_database
from shared.defaults import data_folder, with_defaults
from shared.restoring import ledger_lines
from shared.service import Service
from shared.settings import SettingError
from shared.times import utc_now

_WHEN = "%Y-%m-%dT%H%M%SZ"
_IS_WHEN = re.compile(r"\d{4}-\d\d-\d\dT\d{6}Z")
_FOLDER = click.Path(path_type=Path, file_okay=False)
_LEDGER = click.Path(path_type=Path, dir_okay=False)


def save(given: Mapping[str, str], folder: Path, ledger: Path, now: datetime) -> Path:
    """Copy the databases of the installation that ``given`` describes into a new folder in ``folder``; give that one.

    The ledger comes last, so that whoever is erased meanwhile stands in it. Raises ``BackupError``, ``SettingError``.
    """
    require_production(given)
    place = folder / now.strftime(_WHEN)
    draft = place.with_name(f"{place.name}.unfinished")
    draft.mkdir(parents=True, mode=0o700)
    for name in MODULES:
        url = with_defaults(given, name)["DATABASE_URL"]
        with shown(f"copying {name}") as progress:
            save_database(url, draft / f"{name}.backup", progress)
    catalog = _built(given, "catalog")
    _keep_apart(ledger, ledger_lines(catalog))
    catalog.database.engine.dispose()
    draft.rename(place)
    return place


def restore(given: Mapping[str, str], place: Path, ledger: Path) -> None:
    """Put the backup in ``place`` back and erase again whoever was erased since.

    Raises ``BackupError`` where it is not whole or Kring runs, and ``SettingError``.
    """
    require_production(given)
    missing = [name for name in MODULES if not (place / f"{name}.backup").is_file()]
    if missing or place.suffix:
        raise BackupError(f"{place} is no whole backup: {', '.join(missing) or 'it was never finished'}.")
    lines = ledger.read_text().splitlines()
    with only_one(data_folder(given)):
        for name in MODULES:
            bring_back(partial(_built, given, name), SERVICES / name / "migrations", place / f"{name}.backup", lines)


def forget(folder: Path, before: datetime) -> list[Path]:
    """Throw away the backups in ``folder`` that were made before this moment; give which."""
    old = [place for place in sorted(folder.iterdir()) if _IS_WHEN.fullmatch(place.name) and _made_at(place) < before]
    for place in old:
        shutil.rmtree(place)
    return old


def _made_at(place: Path) -> datetime:
    return datetime.strptime(place.name, _WHEN).replace(tzinfo=UTC)


def _built(given: Mapping[str, str], name: str) -> Service:
    service: Service = MODULES[name].build_from_env(given)
    return service


def _keep_apart(ledger: Path, lines: list[str]) -> None:
    """Add what is new: a database that was put back may know fewer than the file does."""
    known = ledger.read_text().splitlines() if ledger.exists() else []
    draft = ledger.with_name(f"{ledger.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text("".join(f"{line}\n" for line in dict.fromkeys([*known, *lines])))
    draft.replace(ledger)


@click.group(help=__doc__)
def main() -> None:
    """See the module."""


@main.command("save")
@click.argument("folder", type=_FOLDER)
@click.option("--erasures", "ledger", type=_LEDGER, required=True, help="the ledger, in another place than FOLDER")
@click.option("--keep", "days", type=click.IntRange(min=1), help="throw backups away that are older than so many days")
def _save(folder: Path, ledger: Path, days: int | None) -> None:
    """Copy the three databases into a new folder in FOLDER."""
    now = utc_now()
    try:
        place = save(os.environ, folder, ledger, now)
    except (BackupError, SettingError) as error:
        raise click.ClickException(str(error)) from None
    size = sum(file.stat().st_size for file in place.iterdir())
    click.echo(f"{place}: {size / 1e6:.1f} MB")
    for old in forget(folder, now - timedelta(days=days)) if days else []:
        click.echo(f"{old} is thrown away")


@main.command("restore")
@click.argument("place", type=_FOLDER)
@click.option("--erasures", "ledger", type=_LEDGER, required=True, help="the newest ledger")
def _restore(place: Path, ledger: Path) -> None:
    """Put the backup in PLACE back; Kring must be stopped."""
    try:
        restore(os.environ, place, ledger)
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}.") from None
    except (BackupError, SettingError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    click.echo("Put back. Start Kring: it erases again whoever was erased since.")
    for replaced in sorted(data_folder(os.environ).glob("*.replaced")):
        click.echo(f"What was there is in {replaced}: throw it away when all is well.")


if __name__ == "__main__":
    main()
