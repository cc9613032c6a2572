"""What a ZIP says of itself, before anything in it is unpacked."""

from collections.abc import Sequence
from typing import Final
from zipfile import ZipInfo

MOST_KEPT: Final = 300_000_000
"""Bytes that a file may unpack to at who opens it; we never do."""

MOST_READ: Final = 50_000_000
"""Bytes that a file may unpack to that we read ourselves."""

_MOST_PARTS: Final = 5_000


def is_bomb(size: int, parts: Sequence[ZipInfo], most: int) -> bool:
    """Whether a ZIP of ``size`` bytes asks for too much.

    It has too many parts, more than ``most`` bytes in them, or parts that share their bytes: then these are together
    longer than the file.
    """
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    return len(parts) > _MOST_PARTS or unpacked > most or packed > size
