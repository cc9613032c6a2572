"""Asking other sites: only those on the public web, over http and https, for a short while, no more than is wanted.

Whoever may type an address must not reach through us what only we can reach. So the name is looked up here, each
address that it has must be public, the connection goes to the very address that was looked at (a name may lead
elsewhere a moment later), and every redirect is looked at in the same way. Proxies of the environment are not used.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, IncompleteRead
from ipaddress import IPv4Address, IPv6Address, ip_address
from types import MappingProxyType
from typing import Final, Literal
from urllib.parse import SplitResult, quote, urlencode, urljoin, urlsplit, urlunsplit

from shared.i18n import N_

Address = IPv4Address | IPv6Address
Method = Literal["GET", "HEAD"]
_Sent = Literal["GET", "HEAD", "POST"]

_PORTS: Final = {"http": 80, "https": 443}
_REDIRECTS: Final = {301, 302, 303, 307, 308}
_MOST_REDIRECTS: Final = 5
_AS_IT_IS: Final = "%/:=&?~+!$,;'@()*[]"
"""What stays as it is in a path and a query; anything else that is no letter or digit is encoded."""

_PIECE: Final = 64 * 1024


REASONS: Final = MappingProxyType(
    {
        "not-web": N_("This is no address of the web: it begins with https:// or http://."),
        "not-public": N_("This address is not on the public web."),
        "unknown-host": N_("There is no site of this name."),
        "unreachable": N_("The other site does not answer as a web site does."),
        "too-slow": N_("The other site takes too long to answer."),
        "too-many-redirects": N_("This address sends us on and on."),
        "too-large": N_("What stands there is larger than we take."),
    }
)
"""Why nothing could be fetched, in English, by code."""


class FetchError(Exception):
    """Nothing could be fetched; ``code`` is stable, ``reason`` is in English: that of ``REASONS``, or a nearer one."""

    def __init__(self, code: str, reason: str | None = None) -> None:
        self.code = code
        self.reason = reason or REASONS[code]
        super().__init__(self.reason)


@dataclass(frozen=True)
class Fetched:
    """What came back in the end: ``url`` is the last one after all redirects, ``headers`` have lower-case names."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


def is_public(address: Address, port: int) -> bool:
    """Whether anyone on the internet can reach ``address``, and ``port`` is one of the web."""
    if isinstance(address, IPv6Address) and address.sixtofour:  # stands for one of IPv4
        return False
    return port in _PORTS.values() and address.is_global and not address.is_multicast and not address.is_reserved


def addresses_of(host: str, port: int) -> Sequence[str]:
    """All addresses that the name ``host`` has. Raises ``OSError`` or ``UnicodeError`` where there is none."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True)
class Fetcher:
    """Fetches; ``allows`` says which addresses and ports may be asked, ``seconds`` how long one answer may take.

    ``names`` looks a name up; ``agent`` is what we call ourselves.
    """

    allows: Callable[[Address, int], bool] = is_public
    names: Callable[[str, int], Sequence[str]] = addresses_of
    seconds: float = 10.0
    agent: str = "Kring"

    def fetch(self, url: str, *, method: Method = "GET", largest: int = 0) -> Fetched:
        """Ask ``url`` and follow its redirects. Of a body at most ``largest`` bytes are taken: 0 leaves it alone.

        Any status of HTTP is an answer. Raises ``FetchError`` where there is none, and for a body that is longer.
        """
        for _ in range(_MOST_REDIRECTS + 1):
            fetched = self._once(url, method, largest)
            if fetched.status not in _REDIRECTS or "location" not in fetched.headers:
                return fetched
            url = urljoin(url, fetched.headers["location"])
        raise FetchError("too-many-redirects")

    def ask(
        self,
        url: str,
        *,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] = MappingProxyType({}),
        largest: int,
    ) -> Fetched:
        """Ask ``url`` and nobody else: a redirect is an answer. ``form`` is posted where there is one.

        For what is said to one site only. Raises ``FetchError`` as ``fetch`` does.
        """
        if form is None:
            return self._once(url, "GET", largest, headers=headers)
        headers = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
        return self._once(url, "POST", largest, body=urlencode(form), headers=headers)

    def _once(  # what HTTP asks for
        self,
        url: str,
        method: _Sent,
        largest: int,
        *,
        body: str | None = None,
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> Fetched:
        parts = _web_address(url)
        host, port = str(parts.hostname), parts.port or _PORTS[parts.scheme]
        address = self._looked_up(host, port)
        target = quote(urlunsplit(("", "", parts.path or "/", parts.query, "")), safe=_AS_IT_IS)
        try:
            with self._connected(address, host, port, secure=parts.scheme == "https") as connection:
                own = {"Host": parts.netloc, "User-Agent": self.agent, "Accept-Encoding": "identity"}
                connection.request(method, target, body=body, headers={**own, **headers})
                response = connection.getresponse()
                taken = b"".join(_pieces(response, largest)) if largest else b""
                named = {name.lower(): value for name, value in response.getheaders()}
                return Fetched(url, response.status, named, taken)
        except TimeoutError as error:
            raise FetchError("too-slow") from error
        except (OSError, HTTPException, ValueError) as error:
            raise FetchError("unreachable") from error

    def _looked_up(self, host: str, port: int) -> str:
        """The address to connect to."""
        try:
            addresses = self.names(host, port)
        except (OSError, UnicodeError) as error:
            raise FetchError("unknown-host") from error
        if not all(self.allows(ip_address(address.partition("%")[0]), port) for address in addresses):
            raise FetchError("not-public")
        return addresses[0]

    @contextmanager
    def _connected(self, address: str, host: str, port: int, *, secure: bool) -> Iterator[HTTPConnection]:
        """A connection that is cut when its time is over, however slowly the other side drips."""
        line = socket.create_connection((address, port), timeout=self.seconds)
        if secure:
            context = ssl.create_default_context()
            line = context.wrap_socket(line, server_hostname=host, do_handshake_on_connect=False)
        is_over = threading.Event()
        timer = threading.Timer(self.seconds, _cut, (line, is_over))
        timer.start()
        try:
            if isinstance(line, ssl.SSLSocket):
                line.do_handshake()
            connection = HTTPConnection(host, port)
            connection.sock = line
            yield connection
            if is_over.is_set():  # what was cut looks as if it had come to its end
                raise TimeoutError
        except (OSError, HTTPException, ValueError) as error:
            if is_over.is_set():
                raise TimeoutError from error
            raise
        finally:
            timer.cancel()
            line.close()


def _cut(line: socket.socket, is_over: threading.Event) -> None:
    is_over.set()
    with suppress(OSError):  # it was closed in the same moment
        line.shutdown(socket.SHUT_RDWR)


def _web_address(url: str) -> SplitResult:
    """The parts of an address of the web. Raises ``FetchError``."""
    try:
        parts = urlsplit(url)
        is_web = parts.scheme in _PORTS and bool(parts.hostname) and "@" not in parts.netloc
        host = str(parts.hostname).encode("idna").decode() if is_web else ""
        port = f":{parts.port}" if parts.port else ""
    except (ValueError, UnicodeError):
        is_web = False
    if not is_web:
        raise FetchError("not-web")
    return parts._replace(netloc=f"[{host}]{port}" if ":" in host else f"{host}{port}")


def _pieces(response: HTTPResponse, largest: int) -> Iterator[bytes]:
    """The body, piece by piece. Raises ``FetchError`` as soon as it is longer than ``largest`` bytes."""
    taken = 0
    while piece := response.read1(_PIECE):
        taken += len(piece)
        if taken > largest:
            raise FetchError("too-large")
        yield piece
    if response.length:  # as many bytes were announced that did not come
        raise IncompleteRead(b"", response.length)
