"""The tokens of an identity provider, judged: who signed in (OpenID Connect Core 1.0, 3.1.3.7), who signed out there.

Only algorithms with a public key count: neither none at all nor one that takes a public key for a shared secret.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from services.registration.rules.issuers import SignedOut

ALGORITHMS: Final = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"}
)
LOGOUT_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"

_LEEWAY_SECONDS: Final = 60
_LONGEST_NAME: Final = 255
_LOGOUT_TYPE: Final = "logout+jwt"


class IssuerError(Exception):
    """An identity provider cannot be believed, or not be reached; ``code`` is stable and says of nobody who it was."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class UnknownKeyError(IssuerError):
    """A token is signed with a key that we do not know, which may be newer than what we know."""


@dataclass(frozen=True)
class Whose:
    """What a token must be about: its issuer, us, and now (aware)."""

    issuer: str
    client_id: str
    now: datetime
    algorithms: Collection[str] = ALGORITHMS


def read_id_token(token: object, keys: KeySet, whose: Whose, nonce: str, access_token: object) -> Mapping[str, Any]:
    """The claims of who signed in. Raises ``IssuerError``."""
    signed = _signed(token, keys, whose)
    if str(signed.header.get("typ", "")).lower() == _LOGOUT_TYPE:
        raise IssuerError("not-an-id-token")
    options = {
        "iss": {"essential": True, "value": whose.issuer},
        "aud": {"essential": True, "value": whose.client_id},
        "sub": {"essential": True},
    }
    known = {"nonce": nonce, "client_id": whose.client_id, "access_token": access_token}
    claims = CodeIDToken(signed.claims, signed.header, options, known)
    try:
        claims.validate(int(whose.now.timestamp()), _LEEWAY_SECONDS)
    except JoseError as error:
        raise IssuerError("bad-id-token") from error
    if len(claims["sub"]) > _LONGEST_NAME:  # OpenID Connect Core 1.0, 2
        raise IssuerError("bad-id-token")
    return dict(claims)


def read_logout_token(token: object, keys: KeySet, whose: Whose) -> SignedOut:
    """Who signed out (OpenID Connect Back-Channel Logout 1.0, 2.6). Raises ``IssuerError``."""
    signed = _signed(token, keys, whose)
    claims = signed.claims
    registry = jwt.JWTClaimsRegistry(
        int(whose.now.timestamp()),
        _LEEWAY_SECONDS,
        iss={"essential": True, "value": whose.issuer},
        aud={"essential": True, "value": whose.client_id},
        iat={"essential": True},
        exp={"essential": True},
        jti={"essential": True},
        events={"essential": True},
    )
    try:
        registry.validate(claims)
    except JoseError as error:
        raise IssuerError("bad-logout-token") from error
    events, subject, sid = claims["events"], claims.get("sub"), claims.get("sid")
    is_logout = isinstance(events, dict) and isinstance(events.get(LOGOUT_EVENT), dict)
    names_someone = bool(subject or sid) and all(each is None or isinstance(each, str) for each in (subject, sid))
    if not is_logout or not names_someone or "nonce" in claims:
        raise IssuerError("bad-logout-token")
    return SignedOut(claims["jti"], subject, sid, _moment(claims["exp"] + _LEEWAY_SECONDS, whose.now))


def _signed(token: object, keys: KeySet, whose: Whose) -> jwt.Token:
    """What a key of the issuer signed, whatever it says."""
    if not isinstance(token, str):
        raise IssuerError("no-token")
    try:
        return jwt.decode(token, keys, algorithms=list(whose.algorithms))
    except InvalidKeyIdError as error:
        raise UnknownKeyError("unknown-key") from error
    except (JoseError, ValueError) as error:
        raise IssuerError("bad-signature") from error


def _moment(seconds: float, now: datetime) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, now.tzinfo)
    except (OverflowError, ValueError, OSError) as error:
        raise IssuerError("bad-logout-token") from error
