"""An identity provider that does what it is told, good or evil: one site, its keys, and its tokens."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from services.registration.issuers.issuer import ClientKey, Issuer
from services.registration.issuers.tokens import LOGOUT_EVENT
from services.registration.rules.claims import ClaimRule

CLIENT = "kring"
RULES = (
    ClaimRule("office", "manager"),
    ClaimRule("east", "organiser", ("PV24",)),
    ClaimRule("south", "organiser", ("PV30",)),
)


@cache
def a_key(name: str) -> RSAKey:
    """A key of this name, the same each time: making one takes long."""
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"})


@dataclass
class Evil:
    """What the issuer says: ``metadata`` and ``claims`` change what is right (None takes it out)."""

    url: str
    now: datetime
    keys: list[RSAKey] = field(default_factory=lambda: [a_key("one")])
    metadata: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    user_info: dict[str, Any] = field(default_factory=lambda: {"sub": "anna"})
    sign: Callable[[dict[str, Any]], str] | None = None
    status: int = 200
    answer: dict[str, Any] = field(default_factory=dict)
    nonces: dict[str, str] = field(default_factory=dict)
    forms: list[dict[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def discovery(self) -> dict[str, Any]:
        right = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/there",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/me",
            "end_session_endpoint": f"{self.url}/out",
            "code_challenge_methods_supported": ["S256"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }
        return without_none({**right, **self.metadata})

    def id_token(self, nonce: str) -> str:
        seconds = int(self.now.timestamp())
        right = {"iss": self.url, "aud": CLIENT, "sub": "anna", "iat": seconds, "exp": seconds + 300, "nonce": nonce}
        right |= {"groups": ["office"], "name": "Anna van Voorbeeld", "sid": "there-1"}
        return self.signed(without_none({**right, **self.claims}))

    def logout_token(self, **changes: Any) -> str:
        seconds = int(self.now.timestamp())
        right = {"iss": self.url, "aud": CLIENT, "sub": "anna", "iat": seconds, "exp": seconds + 120, "jti": "one"}
        right |= {"events": {LOGOUT_EVENT: {}}}
        return self.signed(without_none({**right, **changes}), "logout+jwt")

    def signed(self, claims: dict[str, Any], kind: str = "JWT") -> str:
        if self.sign:
            return self.sign(claims)
        return jwt.encode({"alg": "RS256", "kid": "one", "typ": kind}, claims, a_key("one"))

    def says(self, path: str, form: dict[str, str], bearer: str) -> tuple[int, Any]:
        match path:
            case "/.well-known/openid-configuration":
                return 200, self.discovery()
            case "/keys":
                return 200, KeySet([*self.keys]).as_dict(private=False)
            case "/token":
                self.forms.append(form)
                nonce = self.nonces.pop(form.get("code", ""), None)  # a code works once
                if nonce is None:
                    return 400, {"error": "invalid_grant"}
                right = {"access_token": "access", "token_type": "Bearer", "id_token": self.id_token(nonce)}
                return self.status, without_none({**right, **self.answer})
            case "/me" if bearer == "Bearer access":
                return 200, self.user_info
        return (204, None) if path == "/there" else (404, {})  # a browser that is told nothing stays where it is

    def code_for(self, address: str, code: str = "the-code") -> dict[str, str]:
        """What the browser brings back that was sent to ``address``."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert query["code_challenge_method"] == "S256"
        assert (query["response_type"], query["client_id"]) == ("code", CLIENT)
        self.nonces[code] = query["nonce"]
        return {"state": query["state"], "code": code}

    def as_issuer(self, number: int = 1) -> Issuer:
        return Issuer(number, "Voorbeeld-ID", self.url, CLIENT, ClientKey(a_key("ours")), "openid", "groups", RULES)


def without_none(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def unsigned(claims: dict[str, Any]) -> str:
    """``alg: none``, which no library likes to write."""
    return f"{_by_hand({'alg': 'none'}, claims)}."


def signed_with_public_key(claims: dict[str, Any]) -> str:
    """HS256 with what everyone may read as its secret."""
    public = a_key("one").public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    said = _by_hand({"alg": "HS256", "kid": "one"}, claims)
    return f"{said}.{_part(hmac.digest(public, said.encode(), hashlib.sha256))}"


def _by_hand(header: dict[str, Any], claims: dict[str, Any]) -> str:
    return ".".join(_part(json.dumps(each).encode()) for each in (header, claims))


def _part(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


@contextmanager
def an_issuer(now: datetime) -> Iterator[Evil]:
    """A site of its own on this machine, at which it is ``now``."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer({name: values[0] for name, values in parse_qs(sent).items()})

        def _answer(self, form: dict[str, str]) -> None:
            evil.asked.append(self.path)
            status, said = evil.says(urlsplit(self.path).path, form, self.headers.get("Authorization", ""))
            body = b"" if said is None else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    evil = Evil(f"http://127.0.0.1:{server.server_port}", now)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield evil
    finally:
        server.shutdown()
        server.server_close()
