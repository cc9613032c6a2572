"""Gzip of a feed, piece by piece: a piece whose entries did not change is not compressed again (RFC 1951, RFC 1952).

Where a piece ends is decided by the entries themselves, so an entry that comes or goes touches one piece, and equal
feeds are equal bytes in whichever process.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from struct import pack

Piece = tuple[bytes, ...]
"""Some entries that follow each other, the last of which is one that ``ends_piece``; in the last piece any."""

_HEADER = b"\x1f\x8b\x08" + bytes(6) + b"\xff"  # deflate, no name, no moment, no operating system
_LAST_BLOCK = b"\x03\x00"  # empty, and marked as the last
_LEVEL = 1  # feeds repeat themselves: a higher one takes twice as long and saves a sixth
_RAW = -15  # the whole window, and no header around each piece
_ENTRIES = 64  # in a piece, on average
_KEPT = 512  # pieces


@dataclass(frozen=True)
class Zipped:
    """What was zipped, its gzip and its hash (hex)."""

    body: bytes
    gzip: bytes
    digest: str


@dataclass(frozen=True)
class _Deflated:
    """Blocks that end on a byte and refer to nothing before them, so that they can stand behind any others."""

    blocks: bytes
    digest: bytes


def ends_piece(entry: bytes) -> bool:
    """Whether a piece ends with this entry."""
    return zlib.crc32(entry) % _ENTRIES == 0


def zipped(pieces: Sequence[Piece]) -> Zipped:
    """Give what ``pieces`` are after each other; the same for the same, at any time."""
    deflated = [_deflated(piece) for piece in pieces]
    body = b"".join([entry for piece in pieces for entry in piece])
    trailer = pack("<II", zlib.crc32(body), len(body) % 2**32)
    gzip = b"".join((_HEADER, *(each.blocks for each in deflated), _LAST_BLOCK, trailer))
    return Zipped(body, gzip, sha256(b"".join([each.digest for each in deflated])).hexdigest())


@lru_cache(maxsize=_KEPT)
def _deflated(piece: Piece) -> _Deflated:
    plain, deflate = b"".join(piece), zlib.compressobj(_LEVEL, zlib.DEFLATED, _RAW)
    return _Deflated(deflate.compress(plain) + deflate.flush(zlib.Z_FULL_FLUSH), sha256(plain).digest())
