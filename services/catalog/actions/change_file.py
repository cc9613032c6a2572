"""What is said of a file changes, or what is in it."""

from dataclasses import replace

from sqlalchemy import delete, update

from services.catalog import tables
from services.catalog.actions.attach_file import keep_pieces
from services.catalog.actions.tell_owner import tell_owner
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.file_owners import Owner, kind_of
from services.catalog.rules.file_types import type_of
from services.catalog.rules.files import AttachedFile, FileDetails, SentFile, details_flaws, safe_name
from services.catalog.rules.flaws import FlawedError
from shared.db.transaction import Transaction


def change_file(
    tx: Transaction, owner: Owner, file: AttachedFile, details: FileDetails, addresses: Addresses
) -> AttachedFile:
    """Let ``file`` be called, and be for whom and from when, as ``details`` say; ``owner`` was read under its lock.

    Raises ``FlawedError``.
    """
    if flaws := list(details_flaws(details, kind_of(owner))):
        raise FlawedError(flaws)
    said = vars(details) | {"title": details.title or {"nl": file.name}}
    return _kept(tx, owner, replace(file, **said), addresses)


def replace_content(
    tx: Transaction, owner: Owner, file: AttachedFile, sent: SentFile, addresses: Addresses
) -> AttachedFile:
    """Let what was ``sent`` stand in place of what is in ``file``, at the same address; ``owner`` as above.

    Raises ``FlawedError`` for what is not taken.
    """
    found = type_of(sent.name, sent.content)
    tx.session.execute(delete(tables.file_piece).where(tables.file_piece.c.file_id == file.id))
    keep_pieces(tx, file.id, sent.content)
    newer = replace(
        file,
        name=safe_name(sent.name, found.extension),
        media_type=found.media_type,
        size=len(sent.content),
        added_at=tx.now,
    )
    return _kept(tx, owner, newer, addresses)


def _kept(tx: Transaction, owner: Owner, file: AttachedFile, addresses: Addresses) -> AttachedFile:
    files = tables.attached_file
    tx.session.execute(update(files).where(files.c.id == file.id).values(**vars(file)))
    tell_owner(tx, owner, addresses)
    return file
