"""The seat rule as the design words it, and who sat and waited where after each thing that was told.

Knows nothing of how registration decides: it only listens.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

SEATED = {"confirmed", "offered", "attended", "no_show"}
LEFT = {None, "cancelled", "declined", "expired"}
"""Who signs up after this stands at the end of the line."""

LAST_MOMENT = timedelta(hours=2)
"""So long before the start only those are promoted who said that they can come at the last moment."""


@dataclass(frozen=True)
class Plan:
    """How many seats, for whom."""

    capacity: int
    reserved: Mapping[str, int]
    maximum: Mapping[str, int]
    release_at: datetime | None
    promotion: str

    def admits(self, seated: Counter[str], group: str, at: datetime) -> bool:
        """Whether one more of this group may sit down."""
        then = seated + Counter([group])
        kept = {} if self.release_at and at >= self.release_at else self.reserved
        spoken_for = sum(max(then[each], kept.get(each, 0)) for each in {*then, *kept})
        return (
            then[group] <= self.maximum.get(group, self.capacity)
            and then.total() <= self.capacity
            and (then[group] <= kept.get(group, 0) or spoken_for <= self.capacity)
        )


@dataclass(frozen=True)
class Heard:
    """What was told about one registration, when, and what catalog said of its meeting by then."""

    at: datetime
    told: Any
    meeting: Any

    @property
    def sits(self) -> bool:
        """Whether this person holds a seat of the plan: not online at a mixed meeting, not as speaker or team."""
        return is_seated(self.told.status, self.told.kind, self.told.attendance, self.meeting.attendance_mode)

    @property
    def is_last_moment(self) -> bool:
        return bool(self.at >= self.meeting.starts_at - LAST_MOMENT)


def is_seated(status: str, kind: str, attendance: str, mode: str) -> bool:
    """Whether someone who stands like this counts for the seats of the plan."""
    return status in SEATED and kind == "participant" and not (mode == "mixed" and attendance == "online")


@dataclass
class Room:
    """Who sits and who waits at one meeting, by registration id, with their group; ``numbers`` say who asked first."""

    seats: dict[str, str] = field(default_factory=dict)
    line: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    statuses: dict[str, str] = field(default_factory=dict)

    @property
    def seated(self) -> Counter[str]:
        return Counter(self.seats.values())

    def is_new_seat(self, heard: Heard) -> bool:
        """Whether this person sits down by what was heard."""
        return heard.sits and heard.told.id not in self.seats

    def before(self, id_: str) -> list[str]:
        """The groups of those who wait and asked before this one did: all of them for a newcomer."""
        if self.statuses.get(id_) in LEFT:
            return list(self.line.values())
        return [group for other, group in self.line.items() if self.numbers[other] < self.numbers[id_]]

    def hear(self, heard: Heard) -> None:
        told = heard.told
        if self.statuses.get(told.id) in LEFT:
            self.numbers[told.id] = 1 + max(self.numbers.values(), default=0)
        self.statuses[told.id] = told.status
        self.seats.pop(told.id, None)
        self.line.pop(told.id, None)
        if heard.sits:
            self.seats[told.id] = told.target_group
        if told.waits_for == "seat":
            self.line[told.id] = told.target_group


def walk(heard: Iterable[Heard]) -> Iterator[tuple[Room, Heard]]:
    """Each thing that was told, with the room as it was just before it."""
    rooms: defaultdict[str, Room] = defaultdict(Room)
    for each in heard:
        yield rooms[each.told.meeting_id], each
        rooms[each.told.meeting_id].hear(each)


def rooms_after(heard: Iterable[Heard]) -> dict[str, Room]:
    """The rooms, by meeting, after all of it."""
    return {each.told.meeting_id: room for room, each in list(walk(heard))}
