"""An oracle for the seat rule that shares no code with it: people on a plain list of chairs.

A chair is open (`None`) or kept for one group. Someone sits on an open chair or on one of their own group's;
nobody sits on a chair that is kept for others. All ways to sit down are tried.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

Chair = str | None


def chairs(capacity: int, reserved: Mapping[str, int]) -> tuple[Chair, ...]:
    kept = [group for group, seats in reserved.items() for _ in range(seats)]
    return (*sorted(kept), *[None] * (capacity - len(kept)))


@lru_cache(maxsize=100_000)
def standing(people: tuple[str, ...], room: tuple[Chair, ...]) -> int:
    """The fewest people for whom no chair is left, over all ways to sit down."""
    if not people:
        return 0
    first, rest = people[0], people[1:]
    fewest = 1 + standing(rest, room)
    for chair in {None, first} & set(room):
        at = room.index(chair)
        fewest = min(fewest, standing(rest, room[:at] + room[at + 1 :]))
    return fewest


def may_sit(people: Iterable[str], newcomer: str, room: tuple[Chair, ...], maximum: Mapping[str, int]) -> bool:
    """There are as many chairs as heads, the group is not above its maximum, and nobody more has to stand."""
    before = tuple(sorted(people))
    after = tuple(sorted([*before, newcomer]))
    return (
        len(after) <= len(room)
        and Counter(after)[newcomer] <= maximum.get(newcomer, len(room))
        and standing(after, room) == standing(before, room)
    )
