"""Files are others than before: whoever shows them too is told."""

from services.catalog.actions.keep_knowledge import keep_knowledge
from services.catalog.actions.raise_pages import raise_pages
from services.catalog.actions.tell_meeting import tell_files
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.file_owners import Owner
from services.catalog.rules.meeting import Meeting
from shared.db.transaction import Transaction


def tell_owner(tx: Transaction, owner: Owner, addresses: Addresses) -> None:
    """Of a meeting all services hear; a piece of knowledge is newer than it was. ``owner`` was read under its lock."""
    if isinstance(owner, Meeting):
        tell_files(tx, owner, addresses)
        raise_pages(tx)
    else:
        keep_knowledge(tx, owner)
