"""A file is hung on a meeting or on a piece of knowledge."""

from sqlalchemy import insert

from services.catalog import tables
from services.catalog.actions.tell_owner import tell_owner
from services.catalog.queries.files import count_files
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.file_owners import Owner, kind_of
from services.catalog.rules.file_types import type_of
from services.catalog.rules.files import (
    MOST_FILES,
    PIECE,
    AttachedFile,
    FileDetails,
    SentFile,
    details_flaws,
    safe_name,
)
from services.catalog.rules.flaws import Flaw, FlawedError
from shared.db.transaction import Transaction, new_id
from shared.i18n import N_


def attach_file(
    tx: Transaction, owner: Owner, details: FileDetails, sent: SentFile, addresses: Addresses
) -> AttachedFile:
    """Keep what was ``sent`` with its owner, who was read under its lock in this transaction.

    Raises ``FlawedError`` for what is not taken, and for one file too many.
    """
    found, kind = type_of(sent.name, sent.content), kind_of(owner)
    flaws = list(details_flaws(details, kind))
    if count_files(tx.session, kind, owner.id) >= MOST_FILES:
        reason = N_("There are %(most)s files already. Take one away first.")
        flaws.append(Flaw("file", "files-too-many", reason, {"most": MOST_FILES}))
    if flaws:
        raise FlawedError(flaws)
    name = safe_name(sent.name, found.extension)
    file = AttachedFile(
        **vars(details) | {"title": details.title or {"nl": name}},
        id=new_id(),
        owner_kind=kind,
        owner_id=owner.id,
        name=name,
        media_type=found.media_type,
        size=len(sent.content),
        added_at=tx.now,
    )
    tx.session.execute(insert(tables.attached_file), [vars(file)])
    keep_pieces(tx, file.id, sent.content)
    tell_owner(tx, owner, addresses)
    return file


def keep_pieces(tx: Transaction, file_id: str, content: bytes) -> None:
    """Write the content of a file that has none, piece by piece."""
    cut = [content[start : start + PIECE] for start in range(0, len(content), PIECE)]
    rows = [{"file_id": file_id, "number": number, "content": piece} for number, piece in enumerate(cut)]
    tx.session.execute(insert(tables.file_piece), rows)
