"""Mail addresses: whose they are, and those of our own that answers come back to (rule 11)."""

import hmac
import re
from base64 import b32decode, b32encode
from dataclasses import dataclass
from hashlib import sha256

import idna

_MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]{2,}")
_RANDOM_OCTETS = 10  # 80 bits
_SIGNATURE_OCTETS = 15  # 120 bits
_LONGEST_LOCAL_PART = 64
_COMPANION = re.compile(r"#\d+$")


def mailbox(typed: str) -> str:
    """The address as typed, fit for a header: outer blanks gone, its domain in ASCII.

    Raises ``ValueError`` for what is not one plain mailbox.
    """
    local, at, domain = typed.strip().rpartition("@")
    address = f"{local}{at}{_ascii(domain)}"
    if not _MAILBOX.fullmatch(address):
        raise ValueError("not one plain mail address")
    return address


def is_mailbox(typed: str) -> bool:
    """Whether it is one plain mailbox."""
    try:
        mailbox(typed)
    except ValueError:
        return False
    return True


def address_key(typed: str) -> str:
    """The address as the key of a person: trimmed, lower case, domain in ASCII, plus-part kept."""
    try:
        return mailbox(typed).lower()
    except ValueError:  # it will fail where it is mailed, and be seen there
        return typed.strip().lower()


def owner_of(address: str) -> str:
    """The key of the mailbox that an invitation goes to: without the number of who shares it."""
    return _COMPANION.sub("", address)


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
        return self._signed(_derived(self.keys[0]), random)

    def is_ours(self, token: str) -> bool:
        """Whether one of our keys signed this token, in whatever case mail servers left it."""
        if not token.isascii():  # some letters become ASCII in upper case
            return False
        try:
            octets = b32decode(token.upper() + "=" * (-len(token) % 8))
        except ValueError:
            return False
        random = octets[1 : 1 + _RANDOM_OCTETS]
        return any(hmac.compare_digest(self._signed(_derived(key), random), token.lower()) for key in self.keys)

    def token_in(self, address: str) -> str | None:
        """The token in an address that answers come back to; None where it is no such address, or not ours."""
        before, after = self.reply.lower().split("{token}")
        address = address.strip().lower()
        if not (address.startswith(before) and address.endswith(after)):
            return None
        token = address[len(before) : len(address) - len(after)]
        return token if self.is_ours(token) else None

    def bounce_token_in(self, address: str) -> str | None:
        """The token in an envelope sender of ours that a report came back to; None where it is no such address."""
        local, _, domain = address.strip().lower().partition("@")
        token = local.removeprefix("bounce+")
        return token if domain == self.domain and token != local and self.is_ours(token) else None

    def leads_to_us(self, address: str) -> bool:
        """Whether mail to this address is an answer to us or a report: it bears a token that we signed."""
        return self.token_in(address) is not None or self.bounce_token_in(address) is not None

    def _signed(self, key: bytes, random: bytes) -> str:
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

    def are_at(self, address: str) -> bool:
        """Whether an address is one of ours: mail between our own mailboxes would go round for ever."""
        domain = address.rpartition("@")[2].lower()
        return domain == self.domain or domain == self.reply.rpartition("@")[2]

    def fingerprint(self, address: str) -> str:
        """What tells one address from another in a key, without saying it."""
        key = sha256(b"kring fingerprint:" + self.keys[-1].encode()).digest()
        return hmac.digest(key, address_key(address).encode(), sha256).hex()[:32]

    def message_id(self, key: str) -> str:
        """The Message-ID of the mail with this side-effect key: the same for every attempt.

        A colon, as in a time, may not stand in it (RFC 5322 3.6.4).
        """
        return f"<{key.replace('/', '.').replace(':', '')}@{self.domain}>"


def _derived(key: str) -> bytes:
    return sha256(b"kring reply address:" + key.encode()).digest()


def _ascii(domain: str) -> str:
    try:
        return domain if domain.isascii() else idna.encode(domain.lower(), uts46=True).decode()
    except idna.IDNAError as error:
        raise ValueError("not a domain name") from error
