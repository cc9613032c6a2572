"""An installation with work on its hands, and a fault that can be done to it in this process by a given clock."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from shared.bus.inbox import Inbox
from shared.service import Service, settle
from tests.faults.invariants import broken
from tests.journeys.kring import MANAGER, Clock, Kring
from tests.waiting import eventually

DAY_BEFORE = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)
DUTCH = ZoneInfo("Europe/Amsterdam")
ROUNDS = 10
"""Times that the clock may go on before all must be well: what failed is tried again, longer apart each time."""


@dataclass
class Scene:
    """The installation, what was answered in it, and the chance that decides what a fault leaves open."""

    kring: Kring
    chance: random.Random
    meeting: dict[str, Any] = field(default_factory=dict)
    answered: set[tuple[str, str]] = field(default_factory=set)

    @property
    def services(self) -> tuple[Service, ...]:
        return self.kring.assembly.services

    def sign_up(self, name: str, group: str = "inkoper") -> None:
        answer = self.kring.sign_up(self.meeting, name, group)
        assert answer.status_code == 201, answer.text
        self.answered.add((self.meeting["id"], f"{name}@gemeente.example"))

    def bustle(self, starts_at: datetime | None = None) -> None:
        """Thirty people want ten seats, four leave, the meeting moves, and nobody was told anything yet."""
        starts_at = starts_at or self.kring.clock() + timedelta(days=129, hours=3)
        plan = {"capacity": 10, "reserved": {"beleidsmaker": 3}, "maximum": {"inkoper": 8}}
        self.meeting = self.kring.publish(seatPlan=plan, **_times(starts_at))
        for number in range(30):
            self.sign_up(f"p{number}", ("inkoper", "inkoper", "beleidsmaker")[number % 3])
        people = self.kring.ask("GET", f"/registration/v1/meetings/{self.meeting['id']}/registrations").json or []
        for person in self.chance.sample(people, 4):
            path = f"/registration/v1/registrations/{person['id']}/cancellation"
            assert self.kring.ask("PUT", path).status_code == 200
        self.move(starts_at + timedelta(hours=1))

    def move(self, starts_at: datetime) -> None:
        """Let the meeting begin at another moment."""
        headers = {**MANAGER, "If-Match": "*"}
        change = self.kring.ask("PATCH", f"/v1/meetings/{self.meeting['id']}", headers, json=_times(starts_at))
        assert change.status_code == 200, change.text

    def inbox(self, service: Service) -> Inbox:
        part = service.worker.part("inbox")
        assert isinstance(part, Inbox)
        return part

    def is_quiet(self) -> bool:
        """Let all do what they can; whether that was nothing."""
        settle(*self.services)
        return not sum(service.worker.pulse() for service in self.services)

    def broken(self) -> list[str]:
        kring = self.kring
        return broken(kring.databases, kring.folder, kring.clock(), self.answered)

    def not_well(self) -> list[str]:
        """What does not hold once all was done that could be; the clock goes on a few times, as it does."""
        for _ in range(ROUNDS):
            try:
                eventually(lambda: self.is_quiet() and not self.broken(), seconds=2)
            except AssertionError:
                self.kring.clock.forward(minutes=5)
            else:
                return []
        return self.broken()


@dataclass(frozen=True)
class Injection:
    """A fault: its name, and what does it. ``now`` is when the story plays, ``starts_at`` when its meeting begins."""

    name: str
    inject: Callable[[Scene], None]
    now: datetime = DAY_BEFORE
    starts_at: datetime | None = None

    @property
    def clock(self) -> Clock:
        return Clock(self.now)


def _times(starts_at: datetime) -> dict[str, str]:
    """As an organiser gives them: what a clock on the wall shows."""
    local = [(starts_at + timedelta(hours=hours)).astimezone(DUTCH) for hours in (0, 3)]
    return dict(zip(("startsAt", "endsAt"), (f"{at:%Y-%m-%dT%H:%M}" for at in local), strict=True))
