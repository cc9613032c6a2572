"""An editor changes a piece of knowledge."""

from dataclasses import fields, replace

from services.catalog.actions.draft_knowledge import free_slug
from services.catalog.actions.keep_knowledge import keep_knowledge
from services.catalog.queries.files import count_files
from services.catalog.rules.flaws import FlawedError
from services.catalog.rules.knowledge import Item, ItemDetails, readiness_flaws
from shared.db.transaction import Transaction


def change_knowledge(tx: Transaction, item: Item, details: ItemDetails) -> Item:
    """Let ``item``, read under its lock in this transaction, be as ``details`` say. No difference: nothing happens.

    What was never public takes the slug of its new title. Raises ``FlawedError`` where everyone can read it and it
    would lack what they need.
    """
    if details.url != item.url and details.checked_on == item.checked_on:
        details = replace(details, checked_on=None)  # that was another place
    changed = replace(item, **{each.name: getattr(details, each.name) for each in fields(ItemDetails)})
    if changed == item:
        return item
    if not item.published_at:
        changed = replace(changed, slug=free_slug(tx, item.id, details))
    files = count_files(tx.session, "knowledge", item.id)
    flaws = [] if item.is_draft else list(readiness_flaws(details, files=files))
    if flaws:
        raise FlawedError(flaws)
    return keep_knowledge(tx, changed)
