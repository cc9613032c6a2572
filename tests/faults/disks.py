"""A disk of a few hundred megabytes that can be filled to the last octet, where this machine allows us to have one."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Disk:
    """What is mounted at ``folder``."""

    folder: Path

    @contextmanager
    def full(self, left: int = 0) -> Iterator[None]:
        """So many octets can be written in the block, and as many as before after it."""
        ballast = self.folder / "ballast"
        try:
            with ballast.open("wb") as file:
                self._fill(file.fileno())
                file.truncate(file.seek(0, os.SEEK_END) - left)
            yield
        finally:
            ballast.unlink()

    def _fill(self, descriptor: int) -> None:
        """In ever smaller pieces, until not even a page fits."""
        piece, at = 64 * 1024**2, 0
        while piece >= 1024:
            try:
                os.posix_fallocate(descriptor, at, piece)
            except OSError:
                piece //= 2
            else:
                at += piece


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Disk | None]:
    """A disk of that size at ``folder``, in memory; None, and the folder alone, where we may not mount one."""
    folder.mkdir(parents=True, exist_ok=True)
    if not _mounted(folder, megabytes):
        yield None
        return
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], capture_output=True, check=False)


def _mounted(folder: Path, megabytes: int) -> bool:
    options = ["-t", "tmpfs", "-o", f"size={megabytes}m,mode=0711", "kring-faults"]
    with suppress(OSError):  # there is no `mount` everywhere
        return subprocess.run(["mount", *options, folder], capture_output=True, check=False).returncode == 0
    return False
