"""People who sign up while things break: each asks until there is an answer, as people do."""

import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import requests

from tests.faults.machine import Machine
from tests.journeys.kring import MANAGER
from tests.waiting import eventually

AT_ONCE, MOST, PAUSE = 3, 120, 0.3
"""People at the same moment, people at most, and seconds between two of them."""

PATIENCE = 90.0


@dataclass
class Crowd:
    """Those who come to one meeting, from when it begins until ``enough``; ``refusals`` were answered by asking again.

    One in six leaves again, and half-way the meeting is moved.
    """

    machine: Machine
    meeting: str
    chance: random.Random
    answered: int = 0
    refusals: int = 0
    enough: threading.Event = field(default_factory=threading.Event)
    gives_up: threading.Event = field(default_factory=threading.Event)
    _numbers: Iterator[int] = field(default_factory=count)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def wait_for(self, more: int) -> None:
        """Until so many more were answered, if so many still come."""
        wanted = min(self.answered + more, MOST)
        eventually(lambda: self.answered >= wanted, seconds=PATIENCE)

    def come(self) -> None:
        """One after the other, in one thread."""
        while not self.enough.is_set():
            with self._guard:
                number = next(self._numbers)
            if number >= MOST:
                return
            self._sign_up(number)
            self.enough.wait(PAUSE)

    def _sign_up(self, number: int) -> None:
        email = f"p{number}.{self.meeting}@gemeente.example"
        wish = {"name": f"Persoon {number}", "email": email, "targetGroup": ("inkoper", "beleidsmaker")[number % 2]}
        answer = self._ask("POST", f"/registration/v1/meetings/{self.meeting}/registrations", {}, json=wish)
        if answer is None:
            return
        assert answer.status_code == 201, answer.text
        with self._guard:
            self.machine.answered.add((self.meeting, email))
            self.answered += 1
        if number % 6 == 5:
            self._leave(email)
        if number == 8:
            self._move()

    def _leave(self, email: str) -> None:
        """Through the organiser, who finds them on the list."""
        people = self._ask("GET", f"/registration/v1/meetings/{self.meeting}/registrations?limit={MOST}", MANAGER)
        for person in people.json() if people is not None else ():
            if person["email"] == email:
                self._ask("PUT", f"/registration/v1/registrations/{person['id']}/cancellation", MANAGER)

    def _move(self) -> None:
        start = self.machine.now() + timedelta(days=self.chance.randint(91, 99))
        moved = {"startsAt": start.isoformat(), "endsAt": (start + timedelta(hours=3)).isoformat()}
        self._ask("PATCH", f"/v1/meetings/{self.meeting}", {**MANAGER, "If-Match": "*"}, json=moved)

    def _ask(self, method: str, path: str, headers: dict[str, str], **sent: Any) -> requests.Response | None:
        """Ask until there is an answer; None when nobody waits for one any more."""
        while not self.gives_up.is_set():
            try:
                answer = self.machine.ask(method, path, headers, **sent)
            except requests.RequestException:
                answer = None
            if answer is not None and answer.status_code < 500:
                return answer
            with self._guard:
                self.refusals += 1
            self.gives_up.wait(0.3)
        return None


@contextmanager
def a_crowd(machine: Machine, chance: random.Random) -> Iterator[Crowd]:
    """People come in the block; after it, those who are there are answered and nobody comes any more."""
    crowd = Crowd(machine, machine.publish(seats=25), chance)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        coming = [threads.submit(crowd.come) for _ in range(AT_ONCE)]
        try:
            yield crowd
            crowd.enough.set()
            for each in coming:
                each.result(PATIENCE)
        finally:
            crowd.enough.set()
            crowd.gives_up.set()
