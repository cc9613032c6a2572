"""A file is hung on a meeting or on a piece of knowledge."""

from sqlalchemy import insert

from services.catalog import tables
from services.catalog.actions.raise_pages import raise_pages
from services.catalog.queries.files import count_files
from services.catalog.rules.file_types import type_of
from services.catalog.rules.files import MOST_FILES, PIECE, AttachedFile, FileDetails, OwnerKind, safe_name
from services.catalog.rules.flaws import Flaw, FlawedError
from shared.db.transaction import Transaction, new_id
from shared.i18n import N_


def attach_file(
    tx: Transaction, owner: tuple[OwnerKind, str], details: FileDetails, name: str, content: bytes
) -> AttachedFile:
    """Keep ``content``, which came under ``name``, with its owner, who was read under its lock in this transaction.

    Raises ``FlawedError`` for what is not taken, and for one file too many.
    """
    kind, owner_id = owner
    found = type_of(name, content)
    if count_files(tx.session, kind, owner_id) >= MOST_FILES:
        reason = N_("There are %(most)s files already. Take one away first.")
        raise FlawedError([Flaw("file", "files-too-many", reason, {"most": MOST_FILES})])
    file = AttachedFile(
        **vars(details) | {"title": details.title or {"nl": safe_name(name, found.extension)}},
        id=new_id(),
        owner_kind=kind,
        owner_id=owner_id,
        name=safe_name(name, found.extension),
        media_type=found.media_type,
        size=len(content),
        added_at=tx.now,
    )
    tx.session.execute(insert(tables.attached_file), [vars(file)])
    cut = [content[start : start + PIECE] for start in range(0, len(content), PIECE)]
    rows = [{"file_id": file.id, "number": number, "content": piece} for number, piece in enumerate(cut)]
    tx.session.execute(insert(tables.file_piece), rows)
    raise_pages(tx)
    return file
