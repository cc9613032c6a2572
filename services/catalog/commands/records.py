"""``meetings record SLUG FILE``: what the archive keeps of a meeting."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import click

from services.catalog.forms.record import attendance_record, file_record, meeting_record
from services.catalog.queries import meeting_by_slug
from services.catalog.queries.attendance import attendance_of
from services.catalog.queries.files import files_of, pieces
from services.catalog.queries.organisations import organisations_by_code
from services.catalog.rules.files import AttachedFile
from shared.db.transaction import Database


def record_command(open_database: Callable[[], Database]) -> click.Command:
    """``record``, among the commands about meetings; ``open_database`` is called when it runs."""

    @click.command("record")
    @click.argument("slug")
    @click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
    def record(slug: str, file: Path) -> None:
        """Write the record of the meeting SLUG to FILE (ZIP): facts, numbers and documents, without persons."""
        count = write_record(open_database(), slug, file)
        click.echo(f"{file}: {count} documents")

    return record


def write_record(database: Database, slug: str, file: Path) -> int:
    """Write the record of a meeting that was published; gives how many documents are in it.

    Raises ``ClickException`` where there is no such meeting. ``checksums.txt`` is as ``sha256sum --check`` reads it.
    """
    with database.reading() as session:
        meeting = meeting_by_slug(session, slug)
        if meeting is None or meeting.status == "draft":
            raise click.ClickException(f"no meeting {slug} was published")
        names = {code: word.labels.get("nl", "") for code, word in organisations_by_code(session).items()}
        numbers = attendance_record(attendance_of(session, meeting.id), names)
        documents = files_of(session, "meeting", meeting.id)
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        kept = [_add_file(database, archive, number, each) for number, each in enumerate(documents, 1)]
        sums = {each["path"]: each["sha256"] for each in kept}
        parts = {"meeting.json": meeting_record(meeting), "attendance.json": numbers, "documents.json": kept}
        for name, part in parts.items():
            sums[name] = _add(archive, name, json.dumps(part, ensure_ascii=False, indent=2).encode())
        archive.writestr("checksums.txt", "".join(f"{digest}  {name}\n" for name, digest in sums.items()))
    return len(documents)


def _add_file(database: Database, archive: ZipFile, number: int, document: AttachedFile) -> dict[str, Any]:
    path, digest = f"documents/{number:02}-{document.name}", sha256()
    with archive.open(path, "w") as target:
        for piece in pieces(database, document.id):
            digest.update(piece)
            target.write(piece)
    return file_record(document, path, digest.hexdigest())


def _add(archive: ZipFile, name: str, content: bytes) -> str:
    archive.writestr(name, content)
    return sha256(content).hexdigest()
