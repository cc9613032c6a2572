"""A file is taken away."""

from sqlalchemy import delete

from services.catalog import tables
from services.catalog.actions.tell_owner import tell_owner
from services.catalog.queries.files import count_files
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.file_owners import Owner
from services.catalog.rules.files import AttachedFile
from services.catalog.rules.flaws import ConflictError
from services.catalog.rules.knowledge import Item, readiness_flaws
from shared.db.transaction import Transaction
from shared.i18n import N_


def detach_file(tx: Transaction, owner: Owner, file: AttachedFile, addresses: Addresses) -> None:
    """Forget ``file``; its owner was read under its lock in this transaction.

    Raises ``ConflictError`` where everyone reads a piece of knowledge that would be nothing without it.
    """
    left = count_files(tx.session, file.owner_kind, file.owner_id) - 1
    if isinstance(owner, Item) and not owner.is_draft and list(readiness_flaws(owner, files=left)):
        raise ConflictError("file-needed", N_("Everyone reads this because of its file. Take it off the site first."))
    tx.session.execute(delete(tables.file_piece).where(tables.file_piece.c.file_id == file.id))
    tx.session.execute(delete(tables.attached_file).where(tables.attached_file.c.id == file.id))
    tell_owner(tx, owner, addresses)
