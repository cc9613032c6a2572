"""One meeting through its whole life; at each turn every calendar, computed from mails alone, holds what is true."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.faults.invariants import broken
from tests.grounds import Embedded
from tests.journeys.itip import CalendarProgram
from tests.journeys.kring import MANAGER, READY, Kring, found_kring
from tests.journeys.storm import Storm
from tests.notifications.answering import answer
from tests.notifications.office import Mail

PEOPLE = [f"p{number:02}" for number in range(30)]
SEATS = 24
HALL = "Provinciehuis, Archimedeslaan 6, 3584 BA Utrecht"


@dataclass
class World:
    """The installation, how things settle in it, and everyone's calendar program."""

    kring: Kring
    settle: Callable[[], None]
    programs: dict[str, CalendarProgram] = field(default_factory=lambda: {name: CalendarProgram() for name in PEOPLE})
    read: set[str] = field(default_factory=set)
    meeting: dict[str, Any] = field(default_factory=dict)

    def let_it_happen(self) -> list[Mail]:
        """Settle, and let every program read its new mail in the order it came; gives that mail."""
        self.settle()
        paths = sorted((self.kring.folder / "sent").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        new = [Mail(path.name, path.read_bytes()) for path in paths if path.name not in self.read]
        for mail in new:
            self.read.add(mail.name)
            name = str(mail.message["To"].addresses[0].username)
            self.programs.setdefault(name, CalendarProgram()).receive(mail)
        return new

    def answer(self, name: str, partstat: str) -> None:
        self.kring.clock.forward(minutes=1)
        self.kring.drop(self.programs[name].answer(partstat, self.kring.clock.now))

    def change(self, **facts: Any) -> None:
        answered = self.kring.ask(
            "PATCH", f"/v1/meetings/{self.meeting['id']}", {**MANAGER, "If-Match": "*"}, json=facts
        )
        assert answered.status_code == 200, answered.text

    def seated(self) -> set[str]:
        found = self.kring.ask("GET", f"/registration/v1/meetings/{self.meeting['id']}/registrations?limit=100")
        return {person["name"] for person in found.json or [] if person["status"] == "confirmed"}

    def calendars(self) -> dict[str, list[tuple[datetime, str]]]:
        """Per person who has something in the calendar: when and where."""
        shown = {name: program.shown() for name, program in self.programs.items()}
        return {
            name: [(entry.starts_at, entry.location) for entry in entries] for name, entries in shown.items() if entries
        }

    def must_hold(self, starts_at: str, where: str) -> None:
        """Everyone with a seat holds one entry, at that time and place, and nobody else holds any."""
        truth = [(datetime.fromisoformat(starts_at), where)]
        assert self.calendars() == dict.fromkeys(self.seated(), truth)


@pytest.fixture
def calm(kring: Kring) -> World:
    return World(kring, kring.settle)


@pytest.fixture(params=range(2))
def stormy(request: pytest.FixtureRequest, embedded: Embedded, tmp_path: Path) -> Iterator[World]:
    kring = found_kring(embedded, tmp_path)
    yield World(kring, Storm(kring, random.Random(request.param)).settle)  # noqa: S311  # a storm that can be had again
    kring.close()


def live(world: World) -> None:
    kring = world.kring
    world.meeting = kring.ask("POST", "/v1/meetings", json={**READY, "seatPlan": {"capacity": SEATS}}).json  # type: ignore[assignment]  # an object
    kring.ask("POST", f"/v1/meetings/{world.meeting['id']}/publication")
    world.let_it_happen()
    for name in PEOPLE:
        assert kring.sign_up(world.meeting, name, email=f"{name}@gemeente.example").status_code == 201
    world.let_it_happen()
    world.must_hold("2027-06-10T12:00+00:00", "Stadhuis, Stadsplateau 1, 3521 AZ Utrecht")
    assert len(world.seated()) == SEATS

    world.change(startsAt="2027-06-10T15:00", endsAt="2027-06-10T18:00")
    world.change(startsAt="2027-06-11T09:00", endsAt="2027-06-11T12:00")
    world.let_it_happen()
    world.must_hold("2027-06-11T07:00+00:00", "Stadhuis, Stadsplateau 1, 3521 AZ Utrecht")

    for name in PEOPLE[:7]:
        world.answer(name, "DECLINED")
    world.let_it_happen()
    assert world.seated() == set(PEOPLE[7:])  # those who waited have a seat, and one is left

    world.change(venue={"name": "Provinciehuis", "address": "Archimedeslaan 6", "postalCode": "3584 BA"})
    world.let_it_happen()
    world.must_hold("2027-06-11T07:00+00:00", HALL)

    forwarded = world.programs[PEOPLE[9]].entries
    (held,) = forwarded.values()
    kring.drop(answer(held.mail, "ACCEPTED", sender="vreemd@elders.example", ATTENDEE="mailto:vreemd@elders.example"))
    for name in PEOPLE[:2]:  # they said no, and now want to come: one seat is left
        world.answer(name, "ACCEPTED")
        world.let_it_happen()
    assert world.seated() == {PEOPLE[0], *PEOPLE[7:]}
    world.must_hold("2027-06-11T07:00+00:00", HALL)

    world.answer(PEOPLE[8], "ACCEPTED")
    world.let_it_happen()
    world.change(title={"nl": "Een andere naam"})
    world.let_it_happen()
    (kept,) = world.programs[PEOPLE[8]].entries.values()
    assert (kept.entry.summary, kept.partstat) == ("Een andere naam", "ACCEPTED")

    kring.ask("POST", f"/v1/meetings/{world.meeting['id']}/cancellation", json={"reason": "De zaal is dicht."})
    world.let_it_happen()
    assert world.calendars() == {}
    assert broken(kring.databases, kring.folder, kring.clock()) == []


def test_every_calendar_follows_the_meeting_and_every_answer_counts(calm: World) -> None:
    live(calm)


def test_the_same_in_a_storm(stormy: World) -> None:
    live(stormy)
