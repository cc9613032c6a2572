"""An organiser adds, renames, orders, ends or merges a word of the network; none is ever deleted."""

from dataclasses import replace

from services.catalog import queries
from services.catalog.actions.keep_reference import keep_reference
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.days import home_day
from services.catalog.rules.domains import read_domains
from services.catalog.rules.flaws import FlawedError
from services.catalog.rules.meeting import in_language
from services.catalog.rules.references import Reference
from services.catalog.rules.words import Known, word_flaws
from shared.db.transaction import Transaction


def keep_word(tx: Transaction, word: Reference, addresses: Addresses) -> Reference:
    """Keep ``word``, new or known, as it is given; gives it as it was kept. What was merged has ended.

    Raises ``FlawedError`` with everything that is wrong with it.
    """
    queries.lock_catalogue(tx.session)  # two words must not become each other, nor get the same domain
    known = queries.all_references(tx.session)
    flaws = list(word_flaws(word, known))
    domains, wrong = read_domains(word.email_domains, _owners(word, known))
    if flaws or wrong:
        raise FlawedError([*flaws, *wrong])
    before = known.get((word.kind, word.code))
    if domains != (before.email_domains if before else ()):
        word = replace(word, email_domains=domains, domains_corrected=True)
    if word.merged_into and word.valid_to is None:
        word = replace(word, valid_to=home_day(tx.now))
    keep_reference(tx, [word], addresses)
    return word


def _owners(word: Reference, known: Known) -> dict[str, str]:
    """Whose the mail domains of all other organisations are."""
    others = (each for each in known.values() if each.code != word.code)
    return {domain: in_language(each.labels, "nl") for each in others for domain in each.email_domains}
