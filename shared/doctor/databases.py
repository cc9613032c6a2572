"""What a database tells of itself when it is asked (PostgreSQL's system catalogs, SQLite's pragmas)."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, text

from shared.doctor.findings import Finding, ok, warning, wrong

_MEGABYTE = 1_000_000
_OF_OTHERS_MODE = 0o077
_LITTLE_ROOM = 0.1
"""Share of a disk below which room is said to be little."""

_CLOCKS_APART = 2.0
"""Seconds by which two clocks may differ: more, and what is due comes at another time than people were told."""

_LOSES = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_OF_OTHERS = """
    SELECT count(*) FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) AS granted
    WHERE datname = current_database() AND granted.grantee = 0 AND granted.privilege_type = 'CONNECT'
"""
_OWNS_THE_LOG = "SELECT tableowner = current_user FROM pg_tables WHERE tablename = 'audit_entry'"


def postgresql(connection: Connection, now: datetime) -> Iterator[Finding]:
    """Version, size, durability, rights and the clock of a PostgreSQL."""
    version = connection.scalar(text("SHOW server_version"))
    size = connection.scalar(text("SELECT pg_database_size(current_database())")) or 0
    yield ok("database", f"PostgreSQL {version}, {size / _MEGABYTE:.0f} MB")
    settings = {name: str(connection.scalar(text(f"SHOW {name}"))) for name in _LOSES}
    if risky := [name for name, value in settings.items() if value == _LOSES[name]]:
        remedy = f"set {', '.join(risky)} to on: what was answered may be lost when the machine fails"
        yield wrong("database", f"{', '.join(risky)} off", remedy)
    yield from _rights(connection)
    there = connection.scalar(text("SELECT clock_timestamp()"))
    yield clocks("clock", (there - now).total_seconds() if there else 0.0, "the database server's")


def sqlite(connection: Connection, file: Path) -> Iterator[Finding]:
    """Size, wholeness, who can read it, and the room that is left beside it."""
    version = connection.scalar(text("SELECT sqlite_version()"))
    yield ok("database", f"SQLite {version}, {file.stat().st_size / _MEGABYTE:.0f} MB in {file}")
    whole = connection.scalar(text("PRAGMA quick_check"))
    if whole != "ok":
        yield wrong("database", f"damaged: {whole}", "stop the service and put the newest backup back (restore)")
    if file.stat().st_mode & _OF_OTHERS_MODE and file.parent.stat().st_mode & _OF_OTHERS_MODE:
        yield warning("database", "others on this machine may read the file", f"chmod 700 {file.parent}")
    yield room(file.parent)


def room(folder: Path) -> Finding:
    """How much is left on the disk of ``folder``."""
    disk = shutil.disk_usage(folder)
    said = f"{disk.free / _MEGABYTE:,.0f} MB free of {disk.total / _MEGABYTE:,.0f}"
    if disk.free < disk.total * _LITTLE_ROOM:
        return warning("disk", said, f"make room on the disk of {folder}: when it is full, nothing can be answered")
    return ok("disk", said)


def clocks(subject: str, seconds: float, whose: str) -> Finding:
    """``seconds`` is how far another clock is ahead of ours."""
    if abs(seconds) > _CLOCKS_APART:
        said = f"{abs(seconds):.0f} seconds apart from {whose}"
        return wrong(subject, said, "let both machines follow a time server (systemd-timesyncd, chrony)")
    return ok(subject, f"agrees with {whose}")


def _rights(connection: Connection) -> Iterator[Finding]:
    """What the role of the service may do that it need not, and who else may come in."""
    if connection.scalar(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")):
        remedy = "give the service a role of its own: python -m deploy.databases declare"
        yield wrong("rights", "the service is a superuser of the whole server", remedy)
    if connection.scalar(text(_OF_OTHERS)):
        remedy = "REVOKE ALL ON DATABASE … FROM PUBLIC, or python -m deploy.databases declare"
        yield warning("rights", "every role of the server may connect to this database", remedy)
    if connection.scalar(text(_OWNS_THE_LOG)):
        remedy = (
            "run it as a role that does not own the tables (docs/operations.md, Audit log), or keep heads elsewhere"
        )
        yield warning("rights", "the service owns the audit log, and could take its fence away", remedy)
