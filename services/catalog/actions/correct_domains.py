"""An organiser says from which domains the people of an organisation write."""

from collections.abc import Sequence
from dataclasses import replace

from services.catalog import queries
from services.catalog.actions.keep_reference import keep_reference
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.domains import read_domains
from services.catalog.rules.flaws import FlawedError
from services.catalog.rules.meeting import in_language
from services.catalog.rules.references import Reference
from shared.db.transaction import Transaction


def correct_domains(tx: Transaction, organisation: Reference, lines: Sequence[str], addresses: Addresses) -> None:
    """Let ``organisation`` have the domains in ``lines`` and no others; no import changes them any more.

    Raises ``FlawedError`` with every line that cannot be.
    """
    queries.lock_catalogue(tx.session)  # no two organisations may get the same domain
    others = [word for word in queries.references(tx.session, "organisation") if word.code != organisation.code]
    owners = {domain: in_language(word.labels, "nl") for word in others for domain in word.email_domains}
    domains, flaws = read_domains(lines, owners)
    if flaws:
        raise FlawedError(flaws)
    if domains != organisation.email_domains:
        corrected = replace(organisation, email_domains=domains, domains_corrected=True)
        keep_reference(tx, [corrected], addresses)
