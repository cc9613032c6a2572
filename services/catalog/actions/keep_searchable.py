"""Let things be found by their words from now on, as they are now."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import delete, insert

from services.catalog import tables
from services.catalog.queries.search import as_kept
from services.catalog.rules.search import LONGEST_TEXT, Searchable
from shared.db.transaction import Transaction


def keep_searchable(tx: Transaction, kind: str, texts: Mapping[str, Sequence[Searchable]]) -> None:
    """Keep the texts, one a language, of the things of this ``kind`` by their id, instead of what was kept of them.

    A thing without texts is no longer found. ``kind`` is a noun of at most twenty letters: ``meeting``. Who may see a
    thing is asked where it is looked up, not here.
    """
    kept = tables.search_text
    tx.session.execute(delete(kept).where(kept.c.kind == kind, kept.c.id.in_(texts)))
    rows = [
        {"kind": kind, "id": id_, **as_kept(tx.session, replace(text, body=text.body[:LONGEST_TEXT]))}
        for id_, of_one in texts.items()
        for text in of_one
    ]
    if rows:
        tx.session.execute(insert(kept), rows)
