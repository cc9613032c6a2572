"""Organisations come in from a file: new ones are added, known ones follow the file where nobody corrected them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.catalog import queries
from services.catalog.actions.keep_reference import keep_reference
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.references import Reference, renewed
from shared.db.audit import note
from shared.db.transaction import Transaction


@dataclass(frozen=True)
class Imported:
    """How many were new or different, and (domain, code) of each domain left out, as it is another's."""

    changed: int
    left_out: tuple[tuple[str, str], ...]


def import_organisations(tx: Transaction, words: Sequence[Reference], addresses: Addresses, by: str) -> Imported:
    """Keep ``words``; a domain that belongs to another organisation already stays there. Twice changes nothing."""
    queries.lock_catalogue(tx.session)  # no two organisations may get the same domain
    known = queries.all_references(tx.session)
    owners = {domain: word.code for word in known.values() for domain in word.email_domains}
    kept: list[Reference] = []
    left_out: list[tuple[str, str]] = []
    for read in words:
        before = known.get((read.kind, read.code))
        word = renewed(before, read) if before else read
        free = tuple(domain for domain in word.email_domains if owners.setdefault(domain, word.code) == word.code)
        left_out += [(domain, word.code) for domain in word.email_domains if domain not in free]
        kept.append(replace(word, email_domains=free))
    changed = keep_reference(tx, kept, addresses)
    note(tx, "organisations.imported", by=by, facts={"read": len(words), "changed": changed})
    return Imported(changed, tuple(left_out))
