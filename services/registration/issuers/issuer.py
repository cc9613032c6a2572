"""An identity provider as the operator described it, and the key by which we show it who we are."""

from base64 import urlsafe_b64encode
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from authlib.oauth2.rfc7523 import private_key_jwt_sign
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc.jwk import ECKey, KeySet, RSAKey

from services.registration.rules.claims import ClaimRule

_ASSERTION_LASTS = timedelta(minutes=1)
_SMALLEST_RSA = 2048
_CERTIFICATE = b"-----BEGIN CERTIFICATE-----"


@dataclass(frozen=True)
class ClientKey:
    """The private key that signs our name (``private_key_jwt``), and the thumbprint of its certificate, if any."""

    key: RSAKey | ECKey = field(repr=False)
    certificate: str | None = None

    def signed_name(self, client_id: str, audience: str, algorithms: Collection[str], now: datetime) -> str:
        """A token that says, for a minute from ``now`` (aware), that it is ``client_id`` who asks (RFC 7523, 3).

        ``algorithms`` are those that ``audience`` understands, empty where it does not say.
        """
        return str(
            private_key_jwt_sign(
                self.key,
                client_id,
                audience,
                alg=self._algorithm(algorithms),
                header=self._header(),
                issued_at=int(now.timestamp()),
                expires_in=int(_ASSERTION_LASTS.total_seconds()),
            )
        )

    def public(self) -> Mapping[str, Any]:
        """The public half as a JSON Web Key Set (RFC 7517), to be given to the identity provider."""
        return dict(KeySet([self.key]).as_dict(private=False))

    def _algorithm(self, algorithms: Collection[str]) -> str:
        if isinstance(self.key, ECKey):
            return {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}[str(self.key.curve_name)]
        return "PS256" if "PS256" in algorithms or (self.certificate and not algorithms) else "RS256"

    def _header(self) -> dict[str, str]:
        """Which key it is: by its certificate (RFC 7515, 4.1.8) or by its thumbprint (RFC 7638)."""
        return {"x5t#S256": self.certificate} if self.certificate else {"kid": self.key.thumbprint()}


def read_client_key(pem: bytes) -> ClientKey:
    """The key in a PEM file, RSA of 2048 bits or more or an elliptic curve, with its certificate if that is there too.

    Raises ``ValueError`` for anything else.
    """
    loaded = load_pem_private_key(pem, password=None)
    if isinstance(loaded, RSAPrivateKey) and loaded.key_size < _SMALLEST_RSA:
        raise ValueError("too short")
    key = (RSAKey if isinstance(loaded, RSAPrivateKey) else ECKey).import_key(pem)
    if _CERTIFICATE not in pem:
        return ClientKey(key)
    shown = x509.load_pem_x509_certificate(pem[pem.index(_CERTIFICATE) :]).fingerprint(SHA256())
    return ClientKey(key, urlsafe_b64encode(shown).rstrip(b"=").decode())


@dataclass(frozen=True)
class Issuer:
    """One identity provider: ``number`` stands in our addresses, ``name`` on the button, ``url`` in its tokens.

    ``claim`` is where it says who may do what, ``rules`` what that means here.
    """

    number: int
    name: str
    url: str
    client_id: str
    key: ClientKey
    scope: str
    claim: str
    rules: tuple[ClaimRule, ...]
