"""A mailbox at a mail server, which is looked into every few seconds (IMAP4rev1, RFC 3501)."""

import os
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import SplitResult, unquote, urlsplit

from imap_tools.mailbox import BaseMailBox, MailBox, MailBoxUnencrypted

from services.notifications.post.arrivals.desk import Desk, one_by_one
from services.notifications.post.arrivals.parse import LARGEST_MAIL
from shared.db.lease import take_lease
from shared.db.transaction import new_id

EVERY = timedelta(seconds=15)
_AT_ONCE = 50
_PATIENCE = 10.0  # seconds for each word of the mail server
_LEASE = timedelta(minutes=2)
_SHELVES = {"read": "Kring-read", "refused": "Kring-refused"}


@dataclass(frozen=True)
class Account:
    """Whose mailbox it is, where, and which folder in it."""

    server: SplitResult

    @property
    def folder(self) -> str:
        """The folder that mail comes in at."""
        return unquote(self.server.path.strip("/")) or "INBOX"

    def open(self) -> BaseMailBox:
        """Sign in. Raises ``OSError`` or ``ImapToolsError`` where that cannot be."""
        kind = MailBox if self.server.scheme == "imaps" else MailBoxUnencrypted
        port = self.server.port or (993 if self.server.scheme == "imaps" else 143)
        box: BaseMailBox = kind(self.server.hostname or "", port, timeout=_PATIENCE)
        try:
            user, password = unquote(self.server.username or ""), unquote(self.server.password or "")
            return box.login(user, password, initial_folder=self.folder)
        except BaseException:
            box.client.shutdown()
            raise


class Mailbox:
    """The part of a worker that takes mail out of the mailbox at ``url`` (``imaps://USER:PASSWORD@HOST/FOLDER``).

    What was filed is moved to the folders ``Kring-read`` and ``Kring-refused``. One looks at a time; a second is a
    spare. The connection is kept; after any failure there is a new one.
    """

    name = "replies"

    def __init__(self, url: str, desk: Desk, *, every: timedelta = EVERY) -> None:
        self.account = Account(urlsplit(url))
        self.desk = desk
        self.every = every
        self._holder = f"{socket.gethostname()[:30]}:{os.getpid()}:{new_id()}"
        self._box: BaseMailBox | None = None
        self._next_at: datetime | None = None

    def pulse(self) -> int:
        """Take in what lies there, if it is time to look; gives how many mails that were."""
        now = self.desk.database.clock()
        if self._next_at and now < self._next_at:
            return 0
        self._next_at = now + self.every
        if not self._leads():
            return 0
        try:
            taken = self._look()
        except Exception:
            self.close()
            raise
        if taken:
            self._next_at = None
        return taken

    def close(self) -> None:
        """Hang up without a word: the line may be dead."""
        box, self._box = self._box, None
        if box:
            box.client.shutdown()

    def _leads(self) -> bool:
        with self.desk.database.begin() as tx:
            return take_lease(tx, self.name, self._holder, tx.now + _LEASE)

    def _look(self) -> int:
        if self._box is None:
            self._box = self.account.open()
            _make_shelves(self._box)
        box = self._box
        box.client.noop()  # some servers tell of new mail only then
        waiting = box.uids("UNDELETED", charset=None)[:_AT_ONCE]
        return one_by_one(partial(self._take, box, uid) for uid in waiting)

    def _take(self, box: BaseMailBox, uid: str) -> None:
        """A mail is moved once what it says is stored: a crash in between reads it again, and knows it."""
        source = _source(box, uid)
        if source is None:
            return
        filed = self.desk.take_without_envelope(source)
        shelf = "refused" if any(each.outcome == "refused" for each in filed) else "read"
        box.move([uid], _SHELVES[shelf])


def _source(box: BaseMailBox, uid: str) -> bytes | None:
    """The octets of a mail, no more than we read of one, and unread as it was; None where it is gone."""
    _, answer = box.client.uid("FETCH", uid, f"(BODY.PEEK[]<0.{LARGEST_MAIL + 1}>)")
    found = [part[1] for part in answer if isinstance(part, tuple)]
    return bytes(found[0]) if found else None


def _make_shelves(box: BaseMailBox) -> None:
    for folder in _SHELVES.values():
        if not box.folder.exists(folder):
            box.folder.create(folder)
