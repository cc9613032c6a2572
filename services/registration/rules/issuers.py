"""What goes between us and an identity provider: one attempt to sign in there, and the word that someone signed out."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Attempt:
    """``state`` and ``nonce`` come back from the issuer; ``verifier`` goes with its code and is not shown before."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class SignedOut:
    """Who signed out at the issuer: everyone with this ``subject``, or only in the session ``sid``.

    The token that says so, ``token_id``, could be shown again until ``valid_until`` (aware).
    """

    token_id: str
    subject: str | None
    sid: str | None
    valid_until: datetime
