"""The world outside, on this machine: a name server, and a mail server that hands in what comes to it."""

import os
import secrets
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from dns.resolver import Resolver
from dnslib.server import DNSLogger, DNSServer
from dnslib.zoneresolver import ZoneResolver


@dataclass(frozen=True)
class NameServer:
    """A name server of this machine, and who asks it."""

    server: Any
    resolver: Resolver

    def know(self, zone: str) -> Resolver:
        """Know ``zone`` (master file, RFC 1035 5.1) from now on, and nothing else; gives who asks."""
        self.server.resolver = ZoneResolver(zone)
        return self.resolver


@contextmanager
def a_name_server() -> Iterator[NameServer]:
    """A name server that knows nothing yet."""
    server = DNSServer(ZoneResolver(""), address="127.0.0.1", port=0, logger=DNSLogger("-request,-reply"))
    server.start_thread()
    resolver = Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = server.server.server_address[1]
    resolver.lifetime = 5.0
    try:
        yield NameServer(server.server, resolver)
    finally:
        server.stop()
        server.server.server_close()


@dataclass
class World:
    """Takes mail at ``url`` and hands it in in the folder ``inbound``, with what it says of the sender."""

    inbound: Path = Path()
    says: str = ""
    url: str = ""

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or 0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        self.inbound.mkdir(parents=True, exist_ok=True)
        file = self.inbound / f"{secrets.token_hex(8)}.eml"
        file.write_bytes(f"Authentication-Results: {self.says}\r\n".encode() + envelope.content)
        os.utime(file, (0, 0))  # it has been there for a while, so it is whole
        return "250 OK"


@contextmanager
def a_world(*, tls: ssl.SSLContext | None = None, **how: Any) -> Iterator[World]:
    """A mail server on a free port of this machine; with ``tls`` it offers STARTTLS."""
    world = World(**how)
    controller = _OnAnyPort(world, hostname="127.0.0.1", port=0, tls_context=tls, decode_data=False)
    controller.start()
    world.url = f"smtp://127.0.0.1:{controller.port}"
    try:
        yield world
    finally:
        controller.stop()


class _OnAnyPort(Controller):
    """aiosmtpd's controller, which knows its port only after it was given one."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]  # it listens by now
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd leaves it untyped


def a_certificate(folder: Path) -> ssl.SSLContext:
    """What a mail server shows that signed for itself."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mx")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    file = folder / "mx.pem"
    file.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    return context
