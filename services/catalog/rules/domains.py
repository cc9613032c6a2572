"""Whose people write from which domain: at most one organisation's, and never those of a provider for everyone."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import idna

from services.catalog.rules.flaws import Flaw
from shared.i18n import N_

FIELD: Final = "emailDomains"

PROVIDERS: Final = frozenset(
    {
        *(
            "gmail.com",
            "googlemail.com",
            "outlook.com",
            "outlook.nl",
            "hotmail.com",
            "hotmail.nl",
            "live.com",
            "live.nl",
        ),
        *("msn.com", "yahoo.com", "yahoo.nl", "ymail.com", "icloud.com", "me.com", "mac.com", "aol.com", "mail.com"),
        *("gmx.com", "gmx.net", "gmx.de", "web.de", "proton.me", "protonmail.com", "pm.me", "tuta.io", "tutanota.com"),
        *("zoho.com", "fastmail.com", "yandex.com", "kpnmail.nl", "kpnplanet.nl", "planet.nl", "hetnet.nl", "kpn.nl"),
        *("xs4all.nl", "telfort.nl", "tiscali.nl", "ziggo.nl", "ziggomail.com", "upcmail.nl", "home.nl", "casema.nl"),
        *("chello.nl", "quicknet.nl", "online.nl", "zonnet.nl", "versatel.nl", "tele2.nl", "wanadoo.nl", "freeler.nl"),
        *("solcon.nl", "caiway.nl", "caiway.net", "zeelandnet.nl", "odido.nl", "t-mobilethuis.nl", "freedom.nl"),
    }
)
"""Where anyone can have a mail address."""


class BadDomainError(ValueError):
    """This is no domain that mail can be sent to."""


def domain_of(text: str) -> str:
    """A domain as typed, also with an ``@`` before it, in its IDNA form. Raises ``BadDomainError``."""
    try:
        domain = idna.encode(text.strip().removeprefix("@").lower(), uts46=True).decode()
    except idna.IDNAError as error:
        raise BadDomainError(text) from error
    if "." not in domain or domain.rpartition(".")[2].isdecimal():
        raise BadDomainError(text)
    return domain


def is_for_everyone(domain: str) -> bool:
    """Whether the domain, or one above it, is of a provider where anyone can have an address."""
    return any(domain == provider or domain.endswith(f".{provider}") for provider in PROVIDERS)


def read_domains(lines: Sequence[str], owners: Mapping[str, str]) -> tuple[tuple[str, ...], list[Flaw]]:
    """The domains in ``lines``, each once, and what is wrong with the others.

    ``owners`` are the names of the other organisations by their domains.
    """
    domains: dict[str, None] = {}
    flaws: list[Flaw] = []
    for line in lines:
        found = list(_flaws(line, owners))
        flaws += found
        if not found:
            domains[domain_of(line)] = None
    return tuple(domains), flaws


def _flaws(line: str, owners: Mapping[str, str]) -> Iterator[Flaw]:
    try:
        domain = domain_of(line)
    except BadDomainError:
        yield Flaw(FIELD, "no-domain", N_("%(domain)s is not a domain, like municipality.nl."), {"domain": line})
        return
    if is_for_everyone(domain):
        yield Flaw(
            FIELD,
            "public-provider",
            N_("Anyone can have an address at %(domain)s, so it says nothing about where someone works."),
            {"domain": domain},
        )
    elif domain in owners:
        yield Flaw(
            FIELD,
            "domain-taken",
            N_("%(domain)s belongs to %(owner)s already. Take it away there first."),
            {"domain": domain, "owner": owners[domain]},
        )
