"""Mail addresses: whose they are, and those of our own that answers come back to (rule 11)."""

import hmac
import re
from base64 import b32encode
from dataclasses import dataclass
from hashlib import sha256

import idna

_MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]{2,}")
_RANDOM_OCTETS = 10  # 80 bits
_SIGNATURE_OCTETS = 15  # 120 bits
_LONGEST_LOCAL_PART = 64


def mailbox(typed: str) -> str:
    """The address as typed, fit for a header: outer blanks gone, its domain in ASCII.

    Raises ``ValueError`` for what is not one plain mailbox.
    """
    local, at, domain = typed.strip().rpartition("@")
    address = f"{local}{at}{_ascii(domain)}"
    if not _MAILBOX.fullmatch(address):
        raise ValueError("not one plain mail address")
    return address


def address_key(typed: str) -> str:
    """The address as the key of a person: trimmed, lower case, domain in ASCII, plus-part kept."""
    try:
        return mailbox(typed).lower()
    except ValueError:  # it will fail where it is mailed, and be seen there
        return typed.strip().lower()


@dataclass(frozen=True)
class OurAddresses:
    """The addresses of this installation.

    ``reply`` is a pattern such as ``reply+{token}@kring.example``; ``keys``: the first signs new tokens.
    """

    domain: str
    reply: str
    keys: tuple[str, ...]

    def new_token(self, random: bytes) -> str:
        """A token for one invitation or one mail (rule 11).

        Key id, ``random`` (10 octets), HMAC, in base32 without padding.
        """
        if len(random) != _RANDOM_OCTETS:
            raise ValueError("a token is made of 10 random octets")
        key = sha256(b"kring reply address:" + self.keys[0].encode()).digest()
        named = sha256(key).digest()[:1] + random
        signature = hmac.digest(key, named, sha256)[:_SIGNATURE_OCTETS]
        return b32encode(named + signature).decode().rstrip("=").lower()

    def reply_to(self, token: str) -> str:
        """Where calendars answer. Raises ``ValueError`` where the pattern leaves no room for a token."""
        address = self.reply.format(token=token)
        if len(address.partition("@")[0]) > _LONGEST_LOCAL_PART:
            raise ValueError("REPLY_ADDRESS: the part before the @ is longer than 64 characters")
        return address

    def bounces(self, token: str) -> str:
        """The envelope sender: where mail servers report that the mail with this token did not arrive."""
        return f"bounce+{token}@{self.domain}"

    def sender(self) -> str:
        """The one address all mail comes from."""
        return f"kring@{self.domain}"

    def uid(self, invitation_id: str) -> str:
        """The UID of an invitation (rule 7)."""
        return f"{invitation_id}@{self.domain}"

    def message_id(self, key: str) -> str:
        """The Message-ID of the mail with this side-effect key: the same for every attempt."""
        return f"<{key.replace('/', '.')}@{self.domain}>"


def _ascii(domain: str) -> str:
    try:
        return domain if domain.isascii() else idna.encode(domain.lower(), uts46=True).decode()
    except idna.IDNAError as error:
        raise ValueError("not a domain name") from error
