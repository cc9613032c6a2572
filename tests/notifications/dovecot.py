"""Dovecot from Debian: a real IMAP server on a free port, with files of its own, which no service manager knows."""

import imaplib
import os
import pwd
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from deploy import packages
from deploy.process import Process, free_ports

_PASSWORD = "a/word:with@signs"
_CONFIG = """
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 1
mail_location = maildir:{root}/mail/%u
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={root}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
"""


@dataclass
class Dovecot:
    """A running server; ``url`` is the mailbox of Kring in it."""

    process: Process
    port: int

    @property
    def url(self) -> str:
        return f"imap://kring:a%2Fword%3Awith%40signs@127.0.0.1:{self.port}/INBOX"

    def kill(self) -> None:
        """End all of it: who is signed in has a process of their own, which outlives the one that began it."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()

    def put(self, source: bytes, folder: str = "INBOX") -> None:
        with self._signed_in() as client:
            client.append(folder, "", imaplib.Time2Internaldate(0), source)

    def count(self, folder: str) -> int:
        """How many mails lie in a folder; none in one that is not there."""
        with self._signed_in() as client:
            status, answer = client.select(folder, readonly=True)
            return int(answer[0] or 0) if status == "OK" else 0

    @contextmanager
    def _signed_in(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=20) as client:
            client.login("kring", _PASSWORD)
            yield client


@contextmanager
def a_dovecot() -> Iterator[Dovecot]:
    """Run one, installing it first where it is missing; it goes with the block."""
    packages.ensure({"dovecot-imapd": "dovecot"})
    root, port = Path(tempfile.mkdtemp(prefix="kring-dovecot-")), free_ports(1)[0]
    try:
        process = Process(
            [_program(), "-F", "-c", _configured(root, port)], directory=root, ready=lambda: _answers(port)
        )
        process.start()
        server = Dovecot(process, port)
        try:
            yield server
        finally:
            server.kill()
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _configured(root: Path, port: int) -> Path:
    """Write its configuration: as root with the users that Debian made for it, else all as whoever we are."""
    (root / "mail").mkdir()
    root.chmod(0o755)
    me = pwd.getpwuid(os.getuid())
    owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else me
    shutil.chown(root / "mail", owner.pw_uid, owner.pw_gid)
    names = (
        {"internal": "dovecot", "group": "dovecot", "login": "dovenull"}
        if os.geteuid() == 0
        else {"internal": me.pw_name, "group": "", "login": me.pw_name}
    )
    config = root / "dovecot.conf"
    config.write_text(
        _CONFIG.format(root=root, port=port, password=_PASSWORD, uid=owner.pw_uid, gid=owner.pw_gid, **names)
    )
    return config


def _program() -> str:
    return shutil.which("dovecot") or "/usr/sbin/dovecot"


def _answers(port: int) -> bool:
    with suppress(OSError, imaplib.IMAP4.error), imaplib.IMAP4("127.0.0.1", port, timeout=5):
        return True
    return False
