"""Other sites are asked with care: nobody reaches through us what only we can reach, and nobody keeps us busy."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

import pytest

from shared.web.fetching import Address, Fetcher, FetchError, is_public

_DRIPS = 2_000_000
"""Octets that come one by one: far more than there is time for, and each is a sign of life."""


class Site(BaseHTTPRequestHandler):
    """A site of our own that does what its path says."""

    def do_GET(self) -> None:
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
            self.end_headers()
        elif self.path == "/drips":
            self.send_response(200)
            self.end_headers()
            with suppress(OSError):  # whoever listened has gone
                for _ in range(_DRIPS):
                    self.wfile.write(b"x")
        else:
            self.send_response(200 if self.path.startswith("/ok") else 404)
            self.send_header("Content-Length", "5")
            self.end_headers()
            self.wfile.write(b"hello" if self.command == "GET" else b"")

    def do_POST(self) -> None:
        form = self.rfile.read(int(self.headers["Content-Length"]))
        said = f"{self.headers['Authorization']} {self.headers['Content-Type']} ".encode() + form
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    do_HEAD = do_GET  # noqa: N815  # http.server's name for it

    def log_message(self, *said: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    with server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def answering(said: bytes) -> Iterator[str]:
    """A site that says this to whoever connects first."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            line, _ = server.accept()
            with line:
                line.recv(1024)
                line.sendall(said)

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"


def anyone(address: Address, port: int) -> bool:
    return bool(address) and port > 0


def why(fetcher: Fetcher, url: str, largest: int = 0) -> str:
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(url, largest=largest)
    return caught.value.code


def test_a_site_answers_and_its_redirects_are_followed(site: str) -> None:
    fetched = Fetcher(anyone).fetch(f"{site}/to//to//ok?a=1", largest=5)
    assert (fetched.status, fetched.body, fetched.url) == (200, b"hello", f"{site}/ok?a=1")
    assert Fetcher(anyone).fetch(f"{site}/gone", method="HEAD").status == 404
    assert Fetcher(anyone).fetch(f"{site}/ok/é ü#deel").body == b""


def test_who_is_asked_alone_cannot_send_us_on_and_a_form_arrives(site: str) -> None:
    fetcher = Fetcher(anyone)
    assert fetcher.ask(f"{site}/to//ok", largest=5).status == 302
    sent = fetcher.ask(f"{site}/said", form={"code": "a b&c"}, headers={"Authorization": "Bearer x"}, largest=100)
    assert sent.body == b"Bearer x application/x-www-form-urlencoded code=a+b%26c"
    with pytest.raises(FetchError) as caught:
        fetcher.ask(f"{site}/said", form={"code": "a" * 200}, largest=100)
    assert caught.value.code == "too-large"


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),  # noqa: S104  # nothing is bound
        *(
            "100.64.0.1",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[fe80::1]",
            "[fd00::1]",
            "[64:ff9b::7f00:1]",
            "[2002:7f00:1::]",
        ),
        *("127.1", "2130706433", "0x7f.1", "224.0.0.1", "255.255.255.255"),
    ],
)
def test_nothing_that_only_we_can_reach_is_asked(host: str) -> None:
    assert why(Fetcher(), f"http://{host}/") == "not-public"


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://site.example/", "gopher://x/", "//site.example/", "http://"]
)
def test_only_addresses_of_the_web_are_asked(url: str) -> None:
    assert why(Fetcher(anyone), url) == "not-web"


@pytest.mark.parametrize(
    "url", ["http://user:secret@site.example/", "http://[::1", "http://a:99999/", "http://\ud800/"]
)
def test_an_address_that_means_to_confuse_is_refused(url: str) -> None:
    assert why(Fetcher(anyone), url) == "not-web"


def test_of_a_name_with_several_addresses_all_must_be_public(site: str) -> None:
    def allows(address: Address, _port: int) -> bool:
        return address == ip_address("127.0.0.1")

    address = f"http://two.example:{site.rpartition(':')[2]}/ok"
    assert Fetcher(allows, lambda *_: ["127.0.0.1"]).fetch(address).status == 200
    assert why(Fetcher(allows, lambda *_: ["127.0.0.1", "10.0.0.1"]), address) == "not-public"


def test_a_redirect_leads_to_no_other_place_than_an_address_does(site: str) -> None:
    port = int(site.rpartition(":")[2])
    careful = Fetcher(lambda address, at: address == ip_address("127.0.0.1") and at == port)
    assert why(careful, f"{site}/to/http://127.0.0.2:{port}/ok") == "not-public"
    assert why(careful, f"{site}/to/http://127.0.0.1:1/") == "not-public"
    assert why(careful, f"{site}/to/file:///etc/passwd") == "not-web"
    assert why(careful, f"{site}{'/to/' * 7}/ok") == "too-many-redirects"


def test_other_ports_than_those_of_the_web_are_not_asked() -> None:
    assert is_public(ip_address("93.184.215.14"), 443)
    assert not is_public(ip_address("93.184.215.14"), 25)


def test_who_drips_or_sends_without_end_is_cut_off(site: str) -> None:
    assert why(Fetcher(anyone, seconds=0.3), f"{site}/drips", largest=_DRIPS) == "too-slow"
    assert why(Fetcher(anyone), f"{site}/ok", largest=4) == "too-large"


def test_what_is_no_web_site_is_said_to_be_none() -> None:
    with answering(b"220 mail.example ESMTP\r\n") as url:
        assert why(Fetcher(anyone), url) == "unreachable"
    with answering(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n") as url:
        assert why(Fetcher(anyone), url) == "unreachable"
    assert why(Fetcher(anyone, seconds=1), "http://127.0.0.1:1/") == "unreachable"
    assert why(Fetcher(anyone), "http://nowhere.invalid/") == "unknown-host"
    with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf") as url:
        assert why(Fetcher(anyone), url, largest=100) == "unreachable"
    with answering(b"nothing of TLS") as url:
        assert why(Fetcher(anyone, seconds=1), url.replace("http:", "https:")) == "unreachable"
