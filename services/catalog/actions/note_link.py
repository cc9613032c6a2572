"""A link was looked at."""

from collections.abc import Collection

from sqlalchemy import delete, update

from services.catalog import tables
from services.catalog.rules.days import home_day
from shared.db.transaction import Transaction


def note_link(tx: Transaction, url: str, status: int, fault: str) -> None:
    """Keep what ``url`` answered; ``fault`` is empty if it was good, and then the day stands with what links there."""
    row = {"url": url, "checked_at": tx.now, "status": status, "fault": fault, "good_at": None if fault else tx.now}
    changes = ["checked_at", "status", "fault", *([] if fault else ["good_at"])]
    tx.upsert(tables.checked_link, [row], changes=changes)
    if not fault:
        item = tables.knowledge_item
        tx.session.execute(update(item).where(item.c.url == url).values(checked_on=home_day(tx.now)))


def forget_links(tx: Transaction, known: Collection[str]) -> None:
    """Forget what was kept of links that stand nowhere any more: all but those ``known``."""
    link = tables.checked_link
    gone = {row.url for row in tx.session.execute(link.select())} - set(known)
    tx.session.execute(delete(link).where(link.c.url.in_(gone)))
