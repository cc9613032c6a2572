"""Mail that lies in folders, for the embedded run: it is removed in time, and with whom it is to or from.

It is done before the transaction that erases is over: should that fail, it is done again.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path

from services.notifications.post.folder import file_name
from shared.db.ledger import Erased

_LARGEST_HEAD = 100_000
_HEAD = BytesHeaderParser()


@dataclass(frozen=True)
class Shredder:
    """``sent`` is where mail went to as files, ``replies`` where it came in as files; None: there are no files."""

    sent: Path | None
    replies: Path | None

    def shred(self, erased: Erased, message_ids: Collection[str]) -> None:
        """Remove the mails with these Message-IDs, what else was written to the person before they asked, and what came
        in from them.
        """
        names = {file_name(message_id) for message_id in message_ids}
        for path in _mails(self.sent, "."):
            if path.name in names or _is_old_mail_to(path, erased):
                path.unlink(missing_ok=True)
        for path in _mails(self.replies, "read", "refused"):
            if _names(_head_of(path), "From", erased):
                path.unlink(missing_ok=True)

    def shred_old(self, before: datetime) -> None:
        """Remove what is from before a moment (aware UTC), by the date in our mails, and that of the file of others."""
        for path in _mails(self.sent, "."):
            if _written_at(_head_of(path)) < before:
                path.unlink(missing_ok=True)
        for path in _mails(self.replies, "read", "refused"):
            if path.stat().st_mtime < before.timestamp():
                path.unlink(missing_ok=True)


def _mails(folder: Path | None, *shelves: str) -> Iterator[Path]:
    for shelf in shelves if folder else ():
        assert folder
        yield from (folder / shelf).glob("*.eml")


def _is_old_mail_to(path: Path, erased: Erased) -> bool:
    head = _head_of(path)
    return _names(head, "To", erased) and _written_at(head) <= erased.since


def _head_of(path: Path) -> Message:
    with path.open("rb") as file:
        return _HEAD.parsebytes(file.read(_LARGEST_HEAD))


def _names(head: Message, header: str, erased: Erased) -> bool:
    """Whether an address of the person stands there; whatever is broken in the head of a mail names nobody."""
    values = [str(value) for value in head.get_all(header, [])]
    return any(erased.is_theirs(address) for _name, address in getaddresses(values))


def _written_at(head: Message) -> datetime:
    """Its date; what says none counts as old."""
    try:
        at = parsedate_to_datetime(str(head["Date"]))
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
