"""Four hundred people of two target groups are invited to sixty seats, and answer all at once, or not at all.

What each one's calendar holds is computed from their mails alone; several workers do the work.
"""

import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from deploy.assembly import Assembly
from services.notifications import tables
from services.notifications.queries.facts import written
from services.notifications.rules.guests import Guest, Wish
from services.notifications.settings import read_settings
from shared.bus.broker import BrokerAwayError
from shared.events.registration import Person
from tests.faults.invariants import broken
from tests.grounds import Servers
from tests.journeys.itip import CalendarProgram
from tests.journeys.kring import Kring, assemble, close, found_kring
from tests.notifications.office import Entry, Mail

GROUPS = ("inkoper", "beleidsmaker")
PEOPLE = {f"p{number:03}": GROUPS[number % 2] for number in range(400)}
PLAN = {"capacity": 60, "reserved": {"inkoper": 20}, "maximum": {"beleidsmaker": 35}}
CLOSES = "2027-06-03T12:00:00Z"
WORKERS = 3


class Campaign:
    """The installation with several workers, and everyone's calendar program."""

    def __init__(self, kring: Kring) -> None:
        self.kring = kring
        others = [assemble(kring.environments, kring.clock) for _ in range(WORKERS - 1)]
        self.workers = [kring.assembly, *others]
        self.programs = {name: CalendarProgram() for name in PEOPLE}
        self.read: set[str] = set()
        self.meeting = kring.publish(seatPlan=PLAN, registration={"closesAt": CLOSES})
        self._subscribe_all()

    def close(self) -> None:
        for worker in self.workers:
            close(worker)

    def invite(self, **wish: Any) -> None:
        path = f"/notifications/v1/meetings/{self.meeting['id']}/campaigns"
        started = self.kring.ask("POST", path, json={"targetGroups": list(GROUPS), **wish})
        assert (started.status_code, started.json and started.json["people"]) == (202, len(PEOPLE))

    def let_it_happen(self) -> None:
        """All workers at once until nothing moves; then every program reads its new mail, in the order it came."""
        with ThreadPoolExecutor(WORKERS) as together:
            while sum(together.map(_pulse, self.workers)):
                pass
        self.kring.settle()
        for path in sorted((self.kring.folder / "sent").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns):
            if path.name not in self.read:
                self.read.add(path.name)
                mail = Mail(path.name, path.read_bytes())
                self.programs[str(mail.message["To"].addresses[0].username)].receive(mail)

    def hand_in(self, answers: list[tuple[str, str]]) -> None:
        """All answers in this order, by several doors at the same time."""
        desk: Any = self.kring.assembly.notifications.worker.part("replies")
        organizers = [_only(self.programs[name]).organizer for name, _ in answers]
        mails = [self.programs[name].answer(partstat, self.kring.clock.now) for name, partstat in answers]
        with ThreadPoolExecutor(WORKERS) as doors:
            filed = Counter(each.outcome for each in doors.map(desk.desk.take, mails, organizers))
        assert filed == {"acted": len(answers)}

    def with_status(self, *statuses: str) -> set[str]:
        path = f"/registration/v1/meetings/{self.meeting['id']}/registrations?limit=1000"
        found = self.kring.ask("GET", path).json or []
        return {person["name"] for person in found if person["status"] in statuses}

    def in_calendars(self) -> set[str]:
        """Everyone whose calendar shows the meeting; nobody's shows it twice."""
        shown = {name: len(program.shown()) for name, program in self.programs.items()}
        assert max(shown.values()) <= 1
        return {name for name, entries in shown.items() if entries}

    def _subscribe_all(self) -> None:
        """As if each had asked and confirmed: that way has a story of its own."""
        ours = read_settings(self.kring.environments["notifications"]).addresses
        rows = [
            {
                "fingerprint": ours.fingerprint(f"{name}@gemeente.example"),
                "wish": written(_wish(name, group)),
                "asked_at": self.kring.clock.now,
                "version": 1,
            }
            for name, group in PEOPLE.items()
        ]
        with self.kring.assembly.notifications.database.begin() as tx:
            tx.session.execute(tables.subscription.insert(), rows)


@pytest.fixture
def campaign(servers: Servers, tmp_path: Path) -> Iterator[Campaign]:
    with closing(Campaign(found_kring(servers, tmp_path))) as campaign:
        yield campaign


@pytest.mark.long
def test_everyone_answers_as_they_like_and_all_calendars_agree_with_the_seats(campaign: Campaign) -> None:
    kring, chance = campaign.kring, random.Random(60)  # noqa: S311  # not for secrets
    campaign.invite()
    campaign.let_it_happen()
    assert campaign.in_calendars() == set(PEOPLE)
    assert kring.seats(campaign.meeting)["taken"] == 0

    kring.clock.forward(minutes=5)
    names = chance.sample(list(PEOPLE), 300)  # a hundred say nothing
    said = dict(zip(names, chance.choices(("ACCEPTED", "DECLINED", "TENTATIVE"), (5, 4, 1), k=300), strict=True))
    campaign.hand_in(list(said.items()))
    campaign.let_it_happen()

    seated, waiting = campaign.with_status("confirmed"), campaign.with_status("waitlisted")
    yes, no = ({name for name, partstat in said.items() if partstat == wish} for wish in ("ACCEPTED", "DECLINED"))
    seats = kring.seats(campaign.meeting)
    assert (len(seated), seats["taken"], seats["waiting"]) == (60, 60, len(yes) - 60)
    assert seated | waiting == yes
    assert campaign.in_calendars() == set(PEOPLE) - no - waiting

    kring.clock.forward(minutes=5)
    change_their_mind = chance.sample(sorted(seated), 10)
    campaign.hand_in([(name, "DECLINED") for name in change_their_mind])
    campaign.let_it_happen()
    now_seated = campaign.with_status("confirmed")
    assert (len(now_seated), len(now_seated - seated)) == (60, 10)
    still_waiting = campaign.with_status("waitlisted")
    assert campaign.in_calendars() == set(PEOPLE) - no - still_waiting - set(change_their_mind)

    kring.clock.now = datetime.fromisoformat(CLOSES) + timedelta(minutes=1)
    campaign.let_it_happen()
    assert campaign.in_calendars() == now_seated
    assert broken(kring.databases, kring.folder, kring.clock.now) == []


def _pulse(worker: Assembly) -> int:
    """One round of all its parts; a broker that hung up in the meantime is called again, as every worker does."""
    try:
        return sum(part.pulse() for service in worker.services for part in service.worker.parts)
    except BrokerAwayError:
        return 1


def _only(program: CalendarProgram) -> Entry:
    (held,) = program.entries.values()
    return held.entry


def _wish(name: str, group: str) -> Wish:
    person = Person(name=name, email=f"{name}@gemeente.example")
    return Wish(guest=Guest(person=person, target_group=group), regions=("PV26",))
