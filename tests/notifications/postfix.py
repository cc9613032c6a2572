"""Postfix from Debian: a real mail server on a free port, which gives all mail to one server on this machine."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy import packages
from deploy.process import free_ports

_MASTER = Path("/usr/share/postfix/master.cf.dist")
_CHROOTED = re.compile(r"^(\S+\s+(?:inet|unix|unix-dgram)\s+\S+\s+\S+\s+)y(\s)", re.MULTILINE)
_LISTENS = re.compile(r"^smtp(\s+inet)", re.MULTILINE)


@contextmanager
def a_postfix(next_hop: str, more: str = "") -> Iterator[str]:
    """The address of one that delivers to ``next_hop`` (``smtp://127.0.0.1:PORT``), and nowhere else. As root only.

    ``more`` are lines of its ``main.cf``. It is installed first where it is missing, and goes with the block.
    """
    packages.ensure({"postfix": "/usr/sbin/postfix"})
    home, port = Path(tempfile.mkdtemp(prefix="kring-postfix-")), free_ports(1)[0]
    home.chmod(0o755)  # its own user must find its files
    try:
        _write(home, port, next_hop, more)
        _postfix(home, "start")
        try:
            yield f"smtp://127.0.0.1:{port}"
        finally:
            _postfix(home, "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _write(home: Path, port: int, next_hop: str, more: str) -> None:
    for name in ("etc", "queue", "data"):
        (home / name).mkdir()
    shutil.chown(home / "data", "postfix")
    (home / "etc" / "main.cf").write_text(_main(home, next_hop.rpartition(":")[2]) + more)
    master = _CHROOTED.sub(r"\1n\2", _MASTER.read_text())
    (home / "etc" / "master.cf").write_text(_LISTENS.sub(rf"127.0.0.1:{port}\1", master))


def _main(home: Path, next_port: str) -> str:
    settings = {
        "compatibility_level": "3.6",
        "queue_directory": home / "queue",
        "data_directory": home / "data",
        "command_directory": "/usr/sbin",
        "daemon_directory": "/usr/lib/postfix/sbin",
        "mail_owner": "postfix",
        "setgid_group": "postdrop",
        "inet_interfaces": "127.0.0.1",
        "inet_protocols": "ipv4",
        "myhostname": "mx.kring.example",
        "mydestination": "",
        "local_recipient_maps": "",
        "alias_maps": "",
        "alias_database": "",
        "local_transport": "error:nobody lives here",
        "mynetworks": "127.0.0.0/8",
        "relayhost": f"[127.0.0.1]:{next_port}",
        "smtp_dns_support_level": "disabled",
        "maillog_file": home / "maillog",
        "maillog_file_prefixes": home,
        "address_verify_poll_delay": "1s",
    }
    return "".join(f"{name} = {value}\n" for name, value in settings.items())


def _postfix(home: Path, what: str) -> None:
    subprocess.run(["/usr/sbin/postfix", "-c", home / "etc", what], check=True, capture_output=True, timeout=60)
