"""Gzip made of pieces: any program unpacks it, each process makes the same bytes, and a small change is little work."""

import gzip
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from shared.calendar import zipped as module
from shared.calendar.zipped import Piece, ends_piece, zipped


def pieces_of(entries: list[bytes]) -> list[Piece]:
    pieces: list[Piece] = []
    piece: list[bytes] = []
    for entry in entries:
        piece.append(entry)
        if ends_piece(entry):
            pieces.append(tuple(piece))
            piece = []
    return [*pieces, tuple(piece)]


@given(st.lists(st.lists(st.binary(max_size=200), max_size=5).map(tuple), max_size=5))
def test_any_program_unpacks_it(pieces: list[Piece]) -> None:
    whole = zipped(pieces)
    assert gzip.decompress(whole.gzip) == whole.body == b"".join(chain.from_iterable(pieces))


def test_a_change_touches_one_piece_and_a_fresh_process_makes_the_same_bytes() -> None:
    entries = [b"BEGIN:VEVENT\r\nUID:%d\r\nEND:VEVENT\r\n" % number for number in range(5000)]
    before = zipped(pieces_of(entries))
    kept = module._deflated.cache_info().misses  # noqa: SLF001  # how much was compressed
    entries[2500] = entries[2500].replace(b"UID", b"SUMMARY:Anders\r\nUID")
    after = zipped(pieces_of(entries))
    assert module._deflated.cache_info().misses - kept <= 2  # noqa: SLF001
    assert after.digest != before.digest
    module._deflated.cache_clear()  # noqa: SLF001
    assert zipped(pieces_of(entries)) == after
