"""A file is taken away."""

from sqlalchemy import delete

from services.catalog import tables
from services.catalog.actions.raise_pages import raise_pages
from services.catalog.rules.files import AttachedFile
from shared.db.transaction import Transaction


def detach_file(tx: Transaction, file: AttachedFile) -> None:
    """Forget ``file``; its owner was read under its lock in this transaction."""
    tx.session.execute(delete(tables.file_piece).where(tables.file_piece.c.file_id == file.id))
    tx.session.execute(delete(tables.attached_file).where(tables.attached_file.c.id == file.id))
    raise_pages(tx)
