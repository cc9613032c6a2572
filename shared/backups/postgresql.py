"""PostgreSQL: its own programs, ``pg_dump`` for a copy of one moment and ``pg_restore`` in one transaction.

A password goes along in the environment of the program, never on its command line, which everybody can read.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, LiteralString

import psycopg
from psycopg import sql
from sqlalchemy import URL

from shared.backups.errors import BackupError
from shared.backups.sqlite import Progress

_ONE_TABLE = re.compile(rb"(dumping contents of|processing data for) table")
_TABLES: LiteralString = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
_VERSION = re.compile(rb"^COPY [\w.]*alembic_version .*\n(\S+)\n", re.MULTILINE)


def save(url: URL, file: Path, progress: Progress) -> None:
    """Copy the database at ``url``, which may be in use, to ``file``, readable by its owner only.

    Raises ``BackupError``; then there is no ``file``.
    """
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    try:
        command = ["pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--verbose", "--file", str(draft)]
        _run([*command, *_named(url)], url, progress, _count(url))
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def put_back(file: Path, url: URL, progress: Progress) -> None:
    """Let the database at ``url`` be what ``file`` holds, in one transaction.

    Raises ``BackupError`` where ``file`` is damaged or somebody uses the database; then nothing was changed. The
    statements are written beside ``file`` first, as a whole: of half a file psql would commit half.
    """
    count = _output("pg_restore", "--list", str(file)).count(b" TABLE DATA ")
    _expect_alone(url)
    with TemporaryFile(dir=file.parent) as script:
        script.write(_emptying(url).encode())
        script.flush()
        command = ["pg_restore", "--no-owner", "--no-privileges", "--verbose", "--file=-", str(file)]
        _run(command, None, progress, count, output=script.fileno())
        script.seek(0)
        _obey(url, script)


def version_of(file: Path) -> str | None:
    """The migration that the copy in ``file`` is at; None before the first. Raises ``BackupError``."""
    found = _VERSION.search(_output("pg_restore", "--data-only", "--table=alembic_version", "--file=-", str(file)))
    return found[1].decode() if found else None


def _obey(url: URL, script: IO[bytes]) -> None:
    """Run the statements, all of them or none."""
    words = [_program("psql"), "--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    done = subprocess.run(  # noqa: S603  # the server's own program, and no shell
        [*words, "--output", os.devnull, *_named(url)],
        stdin=script,
        stderr=subprocess.PIPE,
        env=_environment(url),
        check=False,
    )
    if done.returncode:
        raise BackupError(f"psql did not succeed, and nothing was changed: {_last_words(done.stderr)}.")


def _emptying(url: URL) -> str:
    """Statements that take away what is there now; tables of a later version too, which the copy does not know."""
    with _connected(url) as connection:
        tables = connection.execute(_TABLES).fetchall()
        functions = connection.execute(
            "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        ).fetchall()
        drops = [sql.SQL("DROP TABLE {} CASCADE;\n").format(sql.Identifier("public", row[0])) for row in tables]
        first = ["SET client_min_messages = warning;\n", *(drop.as_string(connection) for drop in drops)]
    return "".join([*first, *(f"DROP FUNCTION {row[0]} CASCADE;\n" for row in functions)])


def _expect_alone(url: URL) -> None:
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with _connected(url) as connection:
        row = connection.execute(others).fetchone()
    if row and row[0]:
        raise BackupError(f"The database is in use by {row[0]} connections: stop the service first.")


def _count(url: URL) -> int:
    with _connected(url) as connection:
        return len(connection.execute(_TABLES).fetchall())


def _connected(url: URL) -> psycopg.Connection:
    try:
        return psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False))
    except psycopg.Error as error:
        raise BackupError(f"The database does not let us in: {' '.join(str(error).split())}.") from None


def _run(command: list[str], url: URL | None, progress: Progress, count: int, output: int | None = None) -> None:
    """Run one of PostgreSQL's programs, and tell of each table that it says it has come to."""
    done, said = 0, b""
    with (
        subprocess.Popen(  # noqa: S603  # the server's own program, and no shell
            [_program(command[0]), *command[1:]],
            env=_environment(url),
            stdout=output,
            stderr=subprocess.PIPE,
        ) as running
    ):
        assert running.stderr, "it was asked for"
        for line in running.stderr:
            said = line
            if _ONE_TABLE.search(line):
                done += 1
                progress(min(done, count), count)
    if running.returncode:
        raise BackupError(f"{command[0]} did not succeed: {_last_words(said)}.")


def _output(program: str, *arguments: str) -> bytes:
    """What one of them says of a file."""
    command = [_program(program), *arguments]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603  # as above
    if done.returncode:
        raise BackupError(f"{arguments[-1]} cannot be read: {_last_words(done.stderr)}.")
    return done.stdout


def _named(url: URL) -> list[str]:
    without_password = url.set(drivername="postgresql", password=None)
    return ["--dbname", without_password.render_as_string(hide_password=False)]


def _environment(url: URL | None) -> dict[str, str]:
    known = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "PGSSLMODE"}}
    return {**known, "PGPASSWORD": str(url.password)} if url and url.password else known


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise BackupError(f"{name} is not installed here: install postgresql-client, of the server's version or newer.")
    return found


def _last_words(said: bytes) -> str:
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1].strip().rstrip(".") if lines else "it does not say why"
