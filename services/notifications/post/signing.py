"""Vouching for a mail with our domain's key (DKIM, RFC 6376), where the mail server does not do it."""

from dataclasses import dataclass, field

import dkim

_SIGNED = (
    *("From", "From"),  # once more than there are: nobody can put another one beside it
    *("To", "Subject", "Date", "Message-ID", "Reply-To", "References", "Auto-Submitted"),
    *("List-Unsubscribe", "List-Unsubscribe-Post", "MIME-Version", "Content-Type"),
)


@dataclass(frozen=True)
class Signer:
    """Signs for ``domain`` with the private ``key`` (PEM, RSA), of which the public half stands under ``selector``."""

    domain: str
    selector: str
    key: bytes = field(repr=False)

    def signed(self, source: bytes) -> bytes:
        """The mail with its signature in front. Lines may be folded anew on the way, the body not."""
        signature: bytes = dkim.sign(
            source,
            self.selector.encode(),
            self.domain.encode(),
            self.key,
            canonicalize=(b"relaxed", b"simple"),
            include_headers=[name.encode() for name in _SIGNED],
        )
        return signature + source
