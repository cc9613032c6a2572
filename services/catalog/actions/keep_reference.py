"""Keep the words of the network, and tell the others about each that is new or different."""

from collections.abc import Sequence
from dataclasses import asdict, fields

from services.catalog import queries, tables
from services.catalog.actions.keep_entries import keep_entries
from services.catalog.actions.keep_findable import keep_findable
from services.catalog.actions.raise_catalogue import raise_catalogue
from services.catalog.actions.raise_pages import raise_pages
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.references import DEFAULTS, Reference
from shared.db.transaction import Transaction
from shared.events.catalog import ReferenceChanged
from shared.words import folded

_OUR_OWN = {"parts", "pillars", "domains_corrected"}
"""What the other services need not know of a word."""


def keep_defaults(tx: Transaction, addresses: Addresses) -> None:
    """Keep the words that every installation starts with.

    One that is there already stays as it is: a file or an organiser may have said better.
    """
    known = queries.all_references(tx.session)
    keep_reference(tx, [word for word in DEFAULTS if (word.kind, word.code) not in known], addresses)


def keep_reference(tx: Transaction, words: Sequence[Reference], addresses: Addresses) -> int:
    """Keep ``words`` as they are now; gives how many were new or different. The same words again change nothing."""
    known = queries.all_references(tx.session)
    changed = [word for word in words if known.get((word.kind, word.code)) != word]
    if not changed:
        return 0
    version = raise_catalogue(tx)
    raise_pages(tx)
    tx.upsert(tables.reference, [_row(word) for word in changed])
    for word in changed:
        tx.publish(_told(word))
        if (word.kind, word.code) in known:
            _show_new_label(tx, word, addresses, version)
    return len(changed)


def _row(word: Reference) -> dict[str, object]:
    search = folded("\n".join(dict.fromkeys(word.labels.values())))
    lists = {name: list(getattr(word, name)) for name in ("parts", "pillars", "email_domains")}
    return {**asdict(word), **lists, "search": search}


def _told(word: Reference) -> ReferenceChanged:
    told = {each.name: getattr(word, each.name) for each in fields(word) if each.name not in _OUR_OWN}
    return ReferenceChanged(id=f"{word.kind}:{word.code}", **told)


def _show_new_label(tx: Transaction, word: Reference, addresses: Addresses, version: int) -> None:
    """Calendars show the labels of a meeting's words as categories, and meetings are found by them."""
    meetings = queries.lock_meetings_with_word(tx.session, word.kind, word.code)
    keep_entries(tx, [each for each in meetings if not each.is_draft], addresses, version)
    keep_findable(tx, meetings)
