"""The kept entries in memory, of one form in one language: a change of one meeting reads one entry, not all of them."""

from bisect import bisect_left, insort
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from sqlalchemy.orm import Session

from services.catalog.queries.feeds import FeedEntry, Form, changed_entries
from services.catalog.rules.filters import Filters
from shared.calendar.window import Window
from shared.calendar.zipped import Piece, ends_piece

_Place = tuple[float, str]

_PLACE: Final[Mapping[Form, Callable[[FeedEntry], _Place]]] = MappingProxyType(
    {
        "body": lambda entry: (entry.starts_at.timestamp(), entry.meeting_id),
        "atom": lambda entry: (-entry.changed_at.timestamp(), entry.meeting_id),
    }
)
"""A calendar goes by the time of the meetings, news begins with the newest."""


@dataclass(frozen=True, slots=True, order=True)
class _Shelved:
    """An entry in its place; ``place`` is unique, so that nothing else decides on the order."""

    place: _Place
    body: bytes
    codes: frozenset[tuple[str, str]]
    ends_piece: bool


class Shelf:
    """What feeds of one ``form`` in one ``language`` are chosen from. Not for several threads at the same time."""

    def __init__(self, form: Form, language: str) -> None:
        self._form: Form = form
        self._language = language
        self._entries: dict[str, _Shelved] = {}
        self._in_order: list[_Shelved] = []
        self._version = 0
        self._window: Window | None = None

    def follow(self, session: Session, version: int, window: Window) -> None:
        """Take in what changed up to the catalogue's ``version``, which was read before ``session`` began.

        When the window slides, once a day, or the database was restored from a backup, all is read anew.
        """
        if window != self._window or version < self._version:
            self._entries, self._in_order, self._version, self._window = {}, [], 0, window
        if version == self._version:
            return
        found = changed_entries(session, self._form, self._language, self._version, window.back)
        if self._version:
            for entry in found:
                self._replace(entry, window)
        else:
            self._entries = {entry.meeting_id: self._shelved(entry) for entry in found if _stands(entry, window)}
            self._in_order = sorted(self._entries.values())
        self._version = version

    def chosen(self, filters: Filters) -> list[Piece]:
        """The entries that fit the codes of ``filters``, in their order, piece by piece."""
        groups = filters.groups
        pieces: list[Piece] = []
        piece: list[bytes] = []
        for each in self._in_order:
            if groups and not all(not group.isdisjoint(each.codes) for group in groups):
                continue
            piece.append(each.body)
            if each.ends_piece:
                pieces.append(tuple(piece))
                piece = []
        return [*pieces, tuple(piece)]

    def _replace(self, entry: FeedEntry, window: Window) -> None:
        before = self._entries.pop(entry.meeting_id, None)
        if before:
            del self._in_order[bisect_left(self._in_order, before)]
        if _stands(entry, window):
            self._entries[entry.meeting_id] = shelved = self._shelved(entry)
            insort(self._in_order, shelved)

    def _shelved(self, entry: FeedEntry) -> _Shelved:
        return _Shelved(_PLACE[self._form](entry), entry.body, entry.codes, ends_piece(entry.body))


def _stands(entry: FeedEntry, window: Window) -> bool:
    return entry.is_listed and window.holds(entry.starts_at, entry.ends_at, is_cancelled=entry.is_cancelled)
