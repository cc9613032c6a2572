"""An editor begins a piece of knowledge that nobody else sees yet."""

from services.catalog import queries
from services.catalog.actions.keep_knowledge import keep_knowledge
from services.catalog.queries.knowledge import slugs_of_other_items
from services.catalog.rules.knowledge import Item, ItemDetails
from services.catalog.rules.meeting import in_language
from services.catalog.rules.slug import slug_of
from shared.db.transaction import Transaction, new_id

EXPERTS = "experts"
"""The last part of an address under ``/knowledge`` that no piece of knowledge gets."""


def draft_knowledge(tx: Transaction, details: ItemDetails) -> Item:
    """Keep ``details`` as a new draft, with the slug it will have for ever once published."""
    item_id = new_id()
    item = Item(
        **vars(details),
        id=item_id,
        slug=free_slug(tx, item_id, details),
        status="draft",
        version=0,
        created_at=tx.now,
        changed_at=tx.now,
    )
    return keep_knowledge(tx, item)


def free_slug(tx: Transaction, item_id: str, details: ItemDetails) -> str:
    """A slug made of the title that no other piece of knowledge has."""
    queries.lock_catalogue(tx.session)  # two of one title must not choose the same slug
    taken = slugs_of_other_items(tx.session, item_id) | {EXPERTS}
    return slug_of(in_language(details.title, "nl"), taken)
