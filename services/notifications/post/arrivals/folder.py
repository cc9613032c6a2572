"""Mail that is dropped into a folder as ``.eml`` files, for the embedded run."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from services.notifications.post.arrivals.desk import Desk, one_by_one
from services.notifications.post.arrivals.parse import LARGEST_MAIL

_AT_ONCE = 100


@dataclass(frozen=True)
class RepliesFolder:
    """The part of a worker that reads the folder ``root``; what was read goes to ``read/`` or ``refused/`` in it.

    The folder is made where it is missing, so that whoever hands something in finds it.

    A file counts as whole when it has not changed for ``quiet`` seconds; ``wall_clock`` is what its times go by.
    """

    root: Path
    desk: Desk
    quiet: float = 0.15
    wall_clock: Callable[[], float] = time.time
    name: str = "replies"

    def pulse(self) -> int:
        """Take in what lies there; gives how many mails that were."""
        self.root.mkdir(parents=True, exist_ok=True)
        files = sorted(path for path in self.root.glob("*.eml") if self._is_whole(path))[:_AT_ONCE]
        return one_by_one(partial(self._take, path) for path in files)

    def _is_whole(self, path: Path) -> bool:
        try:
            age = self.wall_clock() - path.stat().st_mtime
        except FileNotFoundError:
            return False
        return path.is_file() and not 0 <= age < self.quiet

    def _take(self, path: Path) -> None:
        """The file is moved once what it says is stored: a crash in between reads it again, and knows it."""
        with path.open("rb") as file:
            source = file.read(LARGEST_MAIL + 1)
        filed = self.desk.take_without_envelope(source)
        shelf = self.root / ("refused" if any(each.outcome == "refused" for each in filed) else "read")
        shelf.mkdir(parents=True, exist_ok=True)
        path.replace(_unused(shelf, path))


def _unused(shelf: Path, path: Path) -> Path:
    """A name on the shelf that no other mail has: one with the same name may have come before."""
    target, number = shelf / path.name, 1
    while target.exists():
        number += 1
        target = shelf / f"{path.stem}-{number}{path.suffix}"
    return target
