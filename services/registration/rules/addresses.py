"""When two e-mail addresses are one person's: trimmed, lower case, the domain in its IDNA form, the plus-part kept."""

import re
from functools import lru_cache

import idna

MAX_LENGTH = 254
"""Characters in an address (RFC 5321 4.5.3.1.3, without the angle brackets)."""

_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")  # RFC 5322 3.2.3, dot-atom
_MAX_LOCAL = 64


class BadAddressError(ValueError):
    """This is no e-mail address that mail can be sent to."""


def address_key(email: str) -> str:
    """What identifies the person behind an address as typed. Raises ``BadAddressError``."""
    local, at, domain = email.strip().lower().rpartition("@")
    if not at or len(local) > _MAX_LOCAL or not _LOCAL.fullmatch(local):
        raise BadAddressError(email)
    try:
        ascii_domain = _idna(domain)
    except idna.IDNAError as error:
        raise BadAddressError(email) from error
    key = f"{local}@{ascii_domain}"
    if "." not in ascii_domain or len(key) > MAX_LENGTH:
        raise BadAddressError(email)
    return key


@lru_cache(1_000)  # an eighth of what a sign-up over HTTP costs without it: one request asks four times
def _idna(domain: str) -> str:
    return idna.encode(domain, uts46=True).decode()
