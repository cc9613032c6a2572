"""Mail into a folder: one complete ``.eml`` file per mail, for the embedded run."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

from services.notifications.post.outlet import AwayError, Envelope

_UNSAFE = re.compile(r"[^A-Za-z0-9.@_-]")


@dataclass(frozen=True)
class Folder:
    """The folder ``root``; mails go to ``sent/`` in it."""

    root: Path
    longest: timedelta = timedelta(seconds=10)

    def deliver(self, envelope: Envelope, message_id: str, source: bytes) -> None:
        """Write the file, whole or not at all."""
        del envelope
        with self._in_sent() as sent:
            _write(sent / file_name(message_id), source)

    def probe(self) -> None:
        """Write a file that nobody takes for mail, and take it away."""
        with self._in_sent() as sent:
            _write(sent / ".probe", b"?")
            (sent / ".probe").unlink()

    def rest(self) -> None:
        """Nothing is held between mails."""

    @contextmanager
    def _in_sent(self) -> Iterator[Path]:
        """The folder for the block; whatever the system refuses there keeps all mail from being taken."""
        sent = self.root / "sent"
        try:
            sent.mkdir(parents=True, exist_ok=True)
            yield sent
        except OSError as error:
            raise AwayError(f"the mail folder: {error.strerror}") from error


def file_name(message_id: str) -> str:
    """What the file of the mail with this Message-ID is called: twice delivered is one file."""
    return f"{_UNSAFE.sub('_', message_id.strip('<>')).lstrip('.')}.eml"


def _write(path: Path, source: bytes) -> None:
    """Complete on disk before it gets its name, so that nobody ever reads half a mail."""
    with NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".part", delete=False) as part:
        try:
            part.write(source)
            part.flush()
            os.fsync(part.fileno())
            Path(part.name).replace(path)
        except OSError:
            Path(part.name).unlink(missing_ok=True)
            raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """A new name is safe only when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
