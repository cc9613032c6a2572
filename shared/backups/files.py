"""One file per database, whichever database it is."""

from pathlib import Path

from sqlalchemy import URL, make_url

from shared.backups import postgresql, sqlite
from shared.backups.errors import BackupError
from shared.backups.sqlite import Progress
from shared.db.migrations import versions


def save(database: str, file: Path, progress: Progress) -> None:
    """Copy what ``database`` (a ``DATABASE_URL``) holds to ``file``, while it is in use. Raises ``BackupError``."""
    if not file.parent.is_dir():
        raise BackupError(f"There is no folder {file.parent}.")
    url = make_url(database)
    if _is_sqlite(url):
        sqlite.save(Path(str(url.database)), file, progress)
    else:
        postgresql.save(url, file, progress)


def put_back(file: Path, database: str, migrations: Path, progress: Progress) -> None:
    """Let ``database`` be what ``file`` holds; nobody may be using it.

    Raises ``BackupError``, and changes nothing, where ``file`` is damaged, of the other kind of database, or of a
    release whose ``migrations`` are not all here.
    """
    url = make_url(database)
    if not file.is_file():
        raise BackupError(f"There is no file {file}.")
    if _is_of_sqlite(file) != _is_sqlite(url):
        raise BackupError(f"{file} is a copy of the other kind of database: {url.get_backend_name()} is set.")
    version = sqlite.version_of(file) if _is_sqlite(url) else postgresql.version_of(file)
    if version and version not in versions(migrations):
        raise BackupError(f"{file} was made by a newer release: its tables are at version {version}.")
    if _is_sqlite(url):
        sqlite.put_back(file, Path(str(url.database)), progress)
    else:
        postgresql.put_back(file, url, progress)


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _is_of_sqlite(file: Path) -> bool:
    """As https://www.sqlite.org/fileformat.html says that each of its files begins."""
    with file.open("rb") as begun:
        return begun.read(16) == b"SQLite format 3\0"
