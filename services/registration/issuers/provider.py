"""An identity provider as it is reached: what it says of itself, its keys, the way there and what came back."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final, TypeVar
from urllib.parse import urlencode, urlsplit

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.registration.issuers.issuer import Issuer
from services.registration.issuers.tokens import (
    ALGORITHMS,
    IssuerError,
    UnknownKeyError,
    Whose,
    read_id_token,
    read_logout_token,
)
from services.registration.rules.claims import claim_in
from services.registration.rules.issuers import Attempt, SignedOut
from shared.web.fetching import Fetcher, FetchError

Read = TypeVar("Read")

_KEPT: Final = timedelta(hours=1)
_ASKED_AGAIN_AFTER: Final = timedelta(minutes=1)
_HOLDS: Final = timedelta(days=1)
_LARGEST_ANSWER: Final = 256 * 1024
_ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True)
class _Known:
    metadata: Mapping[str, Any]
    keys: KeySet
    fetched_at: datetime


class Provider:
    """One issuer. What it says of itself and its keys are kept for an hour, and asked again for a key that is new.

    Where it does not answer, what it said before holds for a day. Every call that needs it raises ``IssuerError``
    where the issuer cannot be reached or not be believed.
    """

    def __init__(self, issuer: Issuer, fetcher: Fetcher, clock: Callable[[], datetime]) -> None:
        self.issuer = issuer
        self._fetcher = fetcher
        self._clock = clock
        self._known: _Known | None = None
        self._asked_at: datetime | None = None
        self._lock = Lock()

    def way_there(self, attempt: Attempt, redirect_uri: str) -> str:
        """Where someone signs in and comes back from to ``redirect_uri``, with a code (RFC 6749, 4.1; RFC 7636)."""
        return str(
            prepare_grant_uri(
                self._metadata()["authorization_endpoint"],
                self.issuer.client_id,
                "code",
                redirect_uri,
                self.issuer.scope,
                attempt.state,
                nonce=attempt.nonce,
                code_challenge=create_s256_code_challenge(attempt.verifier),
                code_challenge_method="S256",
            )
        )

    def require_answer_is_its(self, said_issuer: str | None) -> None:
        """Refuse an answer in another issuer's name, or in nobody's where this one says its own (RFC 9207)."""
        must_say = bool(self._metadata().get("authorization_response_iss_parameter_supported"))
        if said_issuer != self.issuer.url and (must_say or said_issuer is not None):
            raise IssuerError("another-issuer")

    def who_came(self, code: str, attempt: Attempt, redirect_uri: str) -> Mapping[str, Any]:
        """The claims of the person whose code this is."""
        metadata, now = self._metadata(), self._clock()
        endpoint = metadata["token_endpoint"]
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "client_id": self.issuer.client_id,
            "code_verifier": attempt.verifier,
            "client_assertion_type": _ASSERTION_TYPE,
            "client_assertion": self.issuer.key.signed_name(
                self.issuer.client_id,
                endpoint,
                metadata.get("token_endpoint_auth_signing_alg_values_supported", ()),
                now,
            ),
        }
        answer = self._ask(endpoint, "code-refused", form=form)
        access_token = answer.get("access_token")
        claims = self._with_keys(
            lambda known: read_id_token(
                answer.get("id_token"), known.keys, self._whose(known), attempt.nonce, access_token
            )
        )
        user_info = metadata.get("userinfo_endpoint")
        if claim_in(claims, self.issuer.claim) is not None or not user_info or not isinstance(access_token, str):
            return claims
        return {**self._user_info(user_info, access_token, claims["sub"]), **claims}

    def who_signed_out(self, logout_token: str) -> SignedOut:
        """Whom a logout token is about."""
        return self._with_keys(lambda known: read_logout_token(logout_token, known.keys, self._whose(known)))

    def way_out(self, back_to: str) -> str | None:
        """Where someone signs out at the issuer too (OpenID Connect RP-Initiated Logout 1.0), if it offers that."""
        endpoint = self._metadata().get("end_session_endpoint")
        if not isinstance(endpoint, str):
            return None
        query = urlencode({"client_id": self.issuer.client_id, "post_logout_redirect_uri": back_to})
        return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{query}"

    def _user_info(self, endpoint: str, access_token: str, subject: str) -> Mapping[str, Any]:
        """What else the issuer says of the same person (OpenID Connect Core 1.0, 5.3)."""
        said = self._ask(endpoint, "no-user-info", headers={"Authorization": f"Bearer {access_token}"})
        if said.get("sub") != subject:
            raise IssuerError("another-person")
        return said

    def _whose(self, known: _Known) -> Whose:
        says = known.metadata.get("id_token_signing_alg_values_supported")
        algorithms = ALGORITHMS & set(says) if isinstance(says, list) else ALGORITHMS
        return Whose(self.issuer.url, self.issuer.client_id, self._clock(), algorithms)

    def _with_keys(self, read: Callable[[_Known], Read]) -> Read:
        """Read a token; once more with fresh keys where it is signed with one that is new to us."""
        known = self._fresh(_KEPT)
        try:
            return read(known)
        except UnknownKeyError:
            again = self._fresh(timedelta())
            if again is known:
                raise
            return read(again)

    def _metadata(self) -> Mapping[str, Any]:
        return self._fresh(_KEPT).metadata

    def _fresh(self, kept_for: timedelta) -> _Known:
        """What is known of the issuer: no older than ``kept_for``, unless it was asked a moment ago."""
        with self._lock:
            known, now = self._known, self._clock()
            was_asked = self._asked_at is not None and now - self._asked_at < _ASKED_AGAIN_AFTER
            if known and (was_asked or now - known.fetched_at < kept_for):
                return known
            self._asked_at = now
            try:
                self._known = known = self._discovered(now)
            except IssuerError:
                if known is None or now - known.fetched_at > _HOLDS:
                    raise
            return known

    def _discovered(self, now: datetime) -> _Known:
        """OpenID Connect Discovery 1.0, 4."""
        metadata = self._ask(f"{self.issuer.url.rstrip('/')}/.well-known/openid-configuration", "no-discovery")
        if metadata.get("issuer") != self.issuer.url:
            raise IssuerError("another-issuer")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not self._is_safe(metadata.get(name)):
                raise IssuerError("no-discovery")
        if "S256" not in metadata.get("code_challenge_methods_supported", ["S256"]):
            raise IssuerError("no-pkce")
        if "private_key_jwt" not in metadata.get("token_endpoint_auth_methods_supported", ["private_key_jwt"]):
            raise IssuerError("no-private-key-jwt")
        try:
            keys = KeySet.import_key_set(self._ask(metadata["jwks_uri"], "no-keys"))  # type: ignore[arg-type]  # checked there
        except (JoseError, LookupError, TypeError, ValueError) as error:
            raise IssuerError("no-keys") from error
        return _Known(metadata, keys, now)

    def _is_safe(self, endpoint: object) -> bool:
        """Whether an address of the issuer is as well protected on the way as its own."""
        own = urlsplit(self.issuer.url).scheme
        return isinstance(endpoint, str) and urlsplit(endpoint).scheme in {"https", own}

    def _ask(self, url: str, otherwise: str, **options: Any) -> dict[str, Any]:
        """The JSON object that the issuer answers. Raises ``IssuerError`` with the code ``otherwise``."""
        try:
            answer = self._fetcher.ask(url, largest=_LARGEST_ANSWER, **options)
        except FetchError as error:
            raise IssuerError("away") from error
        try:
            said = json.loads(answer.body) if answer.status == 200 else None  # noqa: PLR2004  # RFC 9110
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict):
            raise IssuerError(otherwise)
        return said
