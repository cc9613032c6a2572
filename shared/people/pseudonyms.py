"""What tells a person from others without saying who it is: a keyed hash of their address, the same in all services.

The ledger of erasures holds only these. ``ERASURE_KEYS`` make them: the first makes new ones, all recognise.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

import idna

_CONTEXT = b"kring erased person:"


@dataclass(frozen=True)
class Pseudonyms:
    """Made with ``keys``. Without any, nobody can be named: asking for one raises ``LookupError``."""

    keys: Sequence[str]

    def of(self, address: str) -> str:
        """The name of whoever has this mail address, as typed: 64 hexadecimal digits."""
        if not self.keys:
            raise LookupError("ERASURE_KEYS is missing")
        return _named(self.keys[0], folded(address))

    def all_of(self, address: str) -> tuple[str, ...]:
        """The same with every key: what was written down with an older one is found too."""
        return tuple(_named(key, folded(address)) for key in self.keys)


def folded(address: str) -> str:
    """The address as the key of a person: trimmed, lower case, domain in ASCII (IDNA), plus-part kept.

    What is no address comes back trimmed and in lower case.
    """
    local, at, domain = address.strip().lower().rpartition("@")
    return f"{local}{at}{_ascii(domain)}"


@lru_cache(1_000)
def _ascii(domain: str) -> str:
    try:
        return domain if domain.isascii() else idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return domain


def _named(key: str, address: str) -> str:
    return hmac.digest(sha256(_CONTEXT + key.encode()).digest(), address.encode(), sha256).hex()
