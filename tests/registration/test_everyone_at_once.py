"""Everyone at once: guests, colleagues, organisers, the door, the other services and the clock, at the same moments.

What each of them does is drawn at random. Nobody may hear of anything but success or a refusal, and at rest all is
counted anew: by the rows, by the history, and by people on chairs, who share no code with the rules.
"""

import threading
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from random import Random
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from services.registration.actions.forget_needs import FORGET_NEEDS
from services.registration.tables import flow, history, meeting, registration, transfer
from shared.bus.inbox import Inbox
from shared.db.due import plan
from shared.db.transaction import new_id
from shared.events import CONTRACTS
from shared.events.catalog import Label, Meeting, MeetingChanged, RegistrationTerms, SeatPlan, Session
from shared.events.notifications import InvitationSent
from shared.web.access import SIGN_IN_COOKIE
from tests.builders import NOON, sealed, tell
from tests.faults.rooms import Heard, rooms_after, walk
from tests.registration.conftest import Clock, World, csrf
from tests.registration.rules.chairs import chairs, may_sit

THREADS, ACTS = 16, 25
GROUPS = ("inkoper", "bestuurder", "beleidsmaker")
NAMES = [f"{first}{last}" for first in ("Anna", "Bram", "Chris", "Dora") for last in ("a", "b", "c", "d", "e", "f")]
SUCCESS = {200, 201, 202, 303}
REFUSALS = {400, 403, 404, 409}
V1 = "/registration/v1"


@dataclass
class Ticking(Clock):
    """No two transactions begin at the same moment, so each can be told by it."""

    guard: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self) -> datetime:
        with self.guard:
            self.now += timedelta(milliseconds=1)
            return self.now


@pytest.fixture
def clock() -> Clock:
    return Ticking()


class Town:
    """Five meetings: by the rule, by offers, by approval, also online, and one that has begun."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.manager = world.organiser()
        self.catalog = threading.Lock()
        self.facts: dict[str, list[Meeting]] = defaultdict(list)
        reserved = {"inkoper": 1, "bestuurder": 1}
        workshop = Session(id=new_id(), title={"nl": "Werkplaats"}, capacity=2)
        self._publish(seat_plan=SeatPlan(capacity=5, reserved=reserved), series="reeks", sessions=(workshop,))
        self._publish(seat_plan=SeatPlan(capacity=3, promotion="offer"), series="reeks")
        self._publish(seat_plan=SeatPlan(capacity=3), registration=RegistrationTerms(approval=True))
        mixed = {"attendance_mode": "mixed", "online_url": "https://kring.example/kamer"}
        self._publish(seat_plan=SeatPlan(capacity=2, online_capacity=2), **mixed)
        begun = self._publish(seat_plan=SeatPlan(capacity=4), starts_at=world.clock.now + timedelta(minutes=1))
        for number, name in enumerate(NAMES[:6]):
            world.sign_up(begun, name, GROUPS[number % 3])
        world.clock.now += timedelta(minutes=1)

    def _publish(self, **changes: Any) -> Meeting:
        facts = self.world.publish(
            target_groups=tuple(Label(code=code, labels={"nl": code}) for code in GROUPS), **changes
        )
        self.facts[facts.id].append(facts)
        return facts

    def rows(self, table: Any) -> Sequence[Any]:
        with self.world.service.database.reading() as session:
            return session.execute(select(table).order_by(*table.primary_key)).all()


class Guest:
    """One thread: does one thing after another, and keeps what it was answered."""

    def __init__(self, town: Town, number: int) -> None:
        self.town = town
        self.random = Random(number)  # noqa: S311  # no secret
        self.client = town.world.service.app.test_client()
        self.client.set_cookie(SIGN_IN_COOKIE, town.manager["Authorization"].removeprefix("Bearer "))
        self.answers: list[tuple[str, int]] = []

    def act(self) -> None:
        acts = [self.sign_up] * 6 + [self.leave] * 3 + [self.answer] * 2 + [self.propose, self.take_over] * 2
        acts += [self.correct, self.switch, self.decide, self.decide, self.enter, self.check_in, self.close]
        acts += [self.write, self.change_the_plan, self.tell_of_invitations, self.do_what_is_due, self.let_time_pass]
        for _ in range(ACTS):
            act = self.random.choice(acts)
            answer = act()
            if answer is not None:
                self.answers.append((act.__name__, answer.status_code))

    def sign_up(self) -> TestResponse:
        wish = {**self._person(), "sessions": [each.id for each in self._meeting().sessions]}
        key = {"Idempotency-Key": str(self.random.randrange(8))} if self.random.random() < 0.2 else {}
        return self.client.post(f"{V1}/meetings/{self._meeting().id}/registrations", json=wish, headers=key)

    def leave(self) -> TestResponse | None:
        return self._own("PUT", "/cancellation", {})

    def answer(self) -> TestResponse | None:
        answer = {"answer": self.random.choice(["accepted", "accepted", "declined"])}
        return self._own("PUT", "/offer", answer, "offered")

    def propose(self) -> TestResponse | None:
        return self._own("POST", "/transfers", self._person(), "confirmed")

    def take_over(self) -> TestResponse | None:
        found = [row for row in self.town.rows(transfer) if row.status == "pending"]
        if not found:
            return None
        proposal = self.random.choice(found)
        token = self.town.world.links.sign("transfer", proposal.id, proposal.version)
        return self.client.put(f"{V1}/transfers/{proposal.id}", headers={"Authorization": f"Bearer {token}"})

    def correct(self) -> TestResponse | None:
        change = {"lastMoment": True, "attendance": self.random.choice(["venue", "online"])}
        return self._own("PATCH", "", change if self.random.random() < 0.5 else {"sessions": []})

    def switch(self) -> TestResponse | None:
        """From the one meeting of the series to the other, by the button on my page."""
        row = self._registration("waitlisted")
        if row is None:
            return None
        token = self.town.world.links.sign("mine", row.id, row.link_version)
        page = self.client.get(f"/registration/mine/{token}", follow_redirects=True)
        if "csrf_token" not in page.text:  # the seat came while the page was opened, and the meeting began
            return None
        sent = {"csrf_token": csrf(page), "meeting": self._meeting().id}
        return self.client.post(f"{page.request.path}/switch", data=sent)

    def decide(self) -> TestResponse | None:
        what, body = self.random.choice(
            [
                ("approval", {"approved": self.random.random() < 0.8}),
                ("seat", {"reason": "spreekt"}),
                ("target-group", {"targetGroup": self.random.choice(GROUPS)}),
                ("note", {"note": self.random.choice(NAMES)}),
            ]
        )
        return self._as_organiser("PUT", what, body, *(["requested"] if what == "approval" else []))

    def enter(self) -> TestResponse:
        if_full = self.random.choice(["wait", "go-over"])
        entry = {**self._person(), "ifFull": if_full, "reason": "afgesproken"}
        address = f"{V1}/meetings/{self._meeting().id}/desk-registrations"
        return self.client.post(address, json=entry, headers=self.town.manager)

    def check_in(self) -> TestResponse | None:
        return self._as_organiser("PUT", "attendance", {"attended": self.random.random() < 0.7}, "confirmed", "no_show")

    def close(self) -> TestResponse:
        door = f"/registration/check-in/{list(self.town.facts.values())[-1][0].slug}"
        page = self.client.get(door)
        return self.client.post(f"{door}/closing", data={"csrf_token": csrf(page)})

    def write(self) -> TestResponse:
        facts = self._meeting()
        said = {"key": facts.id, "subject": "Let op", "text": "Tot dan", "statuses": ["confirmed", "waitlisted"]}
        return self.client.post(f"{V1}/meetings/{facts.id}/messages", json=said, headers=self.town.manager)

    def change_the_plan(self) -> None:
        with self.town.catalog:
            known = self.town.facts[self._meeting().id]
            seats = known[-1].seat_plan
            capacity = self.random.randint(2, 6)
            held = dict(self.random.sample(sorted(seats.reserved.items()), self.random.randint(0, len(seats.reserved))))
            wanted = replace(seats, capacity=capacity, reserved=held)
            facts = replace(known[-1], revision=known[-1].revision + 1, seat_plan=wanted)
            known.append(facts)
            tell(self.town.world.service, MeetingChanged(meeting=facts, changed=("seats",)))

    def tell_of_invitations(self) -> None:
        """Many in one transaction, in an order of their own."""
        rows = self.town.rows(registration)
        sent = [
            sealed(
                InvitationSent(
                    invitation_id=new_id(), registration_id=row.id, sequence=1, method="REQUEST", sent_at=NOON
                )
            )
            for row in self.random.sample(rows, min(8, len(rows)))
        ]
        inbox = self.town.world.service.worker.part("inbox")
        assert isinstance(inbox, Inbox)
        inbox.take(sent, "notifications")

    def do_what_is_due(self) -> None:
        with self.town.world.service.database.begin() as tx:
            plan(tx, FORGET_NEEDS, self._meeting().id, tx.now)
        self.town.world.service.worker.part("due").pulse()

    def let_time_pass(self) -> None:
        clock = self.town.world.clock
        assert isinstance(clock, Ticking)
        with clock.guard:
            clock.now += timedelta(hours=3)

    def _meeting(self) -> Meeting:
        return self.random.choice(list(self.town.facts.values()))[0]

    def _person(self) -> dict[str, Any]:
        name = self.random.choice(NAMES)
        return {"name": name, "email": f"{name.lower()}@gemeente.example", "targetGroup": self.random.choice(GROUPS)}

    def _registration(self, *statuses: str) -> Any:
        found = [row for row in self.town.rows(registration) if not statuses or row.status in statuses]
        return self.random.choice(found) if found else None

    def _own(self, method: str, what: str, body: Any, *statuses: str) -> TestResponse | None:
        """Somebody does something with their own registration; perhaps it is not as they saw it any more."""
        row = self._registration(*statuses)
        if row is None:
            return None
        token = self.town.world.links.sign("mine", row.id, row.link_version)
        headers = {"Authorization": f"Bearer {token}", "If-Match": "*"}
        return self.client.open(f"{V1}/registrations/{row.id}{what}", method=method, json=body, headers=headers)

    def _as_organiser(self, method: str, what: str, body: Any, *statuses: str) -> TestResponse | None:
        row = self._registration(*statuses)
        address = f"{V1}/registrations/{row.id}/{what}" if row else ""
        return self.client.open(address, method=method, json=body, headers=self.town.manager) if row else None


@pytest.mark.long
def test_whatever_everyone_does_at_once_all_is_as_it_must_be_afterwards(world: World) -> None:
    town = Town(world)
    guests = [Guest(town, number) for number in range(THREADS)]
    with ThreadPoolExecutor(THREADS) as together:
        for done in [together.submit(guest.act) for guest in guests]:
            done.result()
    come_to_rest(world)

    answers = Counter(answer for guest in guests for answer in guest.answers)
    assert {
        (act, status) for act, status in answers if status >= 300 and status not in REFUSALS | {303}
    } == set()  # RFC 9110
    assert world.counts_are_right()
    assert list(Aftermath(town).broken()) == []


def come_to_rest(world: World) -> None:
    """What could not be done at once is tried again, as it would be."""
    inbox = world.service.worker.part("inbox")
    assert isinstance(inbox, Inbox)
    for _ in range(20):
        world.clock.now += timedelta(minutes=1)
        world.do_what_is_due()
        inbox.pulse()
    assert inbox.unhandled() == []


@dataclass
class Aftermath:
    """What is left in the tables, and which promises it breaks."""

    town: Town

    def broken(self) -> Iterator[str]:
        yield from self._histories()
        yield from self._journal()
        yield from self._chairs()
        yield from self._proposals()
        yield from self._figures()

    @cached_property
    def registrations(self) -> dict[str, Any]:
        return {row.id: row for row in self.town.rows(registration)}

    @cached_property
    def past(self) -> Sequence[Any]:
        return self.town.rows(history)

    @cached_property
    def outbox(self) -> Sequence[Any]:
        return self.town.rows(flow.outbox)

    def _histories(self) -> Iterator[str]:
        """Each line begins where the last one ended, and the last ends where the registration is."""
        stands: dict[str, str | None] = dict.fromkeys(self.registrations)
        for line in self.past:
            before = stands[line.registration_id]
            if line.from_status != before:
                yield f"{line.act} of {line.registration_id} was from {line.from_status}, not {before}"
            stands[line.registration_id] = line.to_status
        for id_, row in self.registrations.items():
            if row.status != stands[id_]:
                yield f"{id_} is {row.status}, its history says {stands[id_]}"

    def _journal(self) -> Iterator[str]:
        """No version twice, none missing, and the last word is what is true."""
        versions: dict[tuple[str, str], list[int]] = defaultdict(list)
        for row in self.outbox:
            versions[row.aggregate, row.aggregate_id].append(row.version)
        yield from (
            f"{stream} has {found}" for stream, found in versions.items() if found != [*range(1, len(found) + 1)]
        )
        last = {heard.told.id: (heard.told.status, heard.told.target_group) for heard in self._heard}
        yield from (
            f"{id_} was told as {last.get(id_)}"
            for id_, row in self.registrations.items()
            if last.get(id_) != (row.status, row.target_group)
        )

    @cached_property
    def _heard(self) -> list[Heard]:
        told = [
            (row.occurred_at, CONTRACTS[row.type].load(row.payload).registration)
            for row in self.outbox
            if row.type.startswith("registration.") and row.type != "registration.repeated"
        ]
        return [Heard(at, each, self._facts(each.meeting_id, each.meeting_revision)) for at, each in told]

    def _facts(self, meeting_id: str, revision: int) -> Meeting:
        return next(facts for facts in self.town.facts[meeting_id] if facts.revision == revision)

    def _chairs(self) -> Iterator[str]:
        """Whoever sits down by the rule finds a chair, and leaves none to somebody before them who could have it."""
        groups = {row.id: row.target_group for row in self.registrations.values()}
        by_hand = {(line.registration_id, line.at) for line in self.past if line.cause == "organiser"}
        acts = [line for line in self.past if line.act == "hand-over"]
        given = {(line.registration_id, line.at) for line in acts if line.to_status == "confirmed"}
        for room, heard in walk(self._heard):
            told, seats = heard.told, heard.meeting.seat_plan
            if not room.is_new_seat(heard) or (told.id, heard.at) in by_hand:
                continue
            people, around = list(room.seats.values()), chairs(seats.capacity, seats.reserved)
            fits = may_sit(people, told.target_group, around, seats.maximum)
            if (told.id, heard.at) not in given and not fits:
                yield f"{told.id} of {told.target_group} sits among {people} on {around}"
            if (told.id, heard.at) not in given and any(
                may_sit(people, group, around, seats.maximum) for group in room.before(told.id)
            ):
                yield f"{told.id} overtook somebody"
        for meeting_id, room in rooms_after(self._heard).items():
            facts = self.town.facts[meeting_id][-1]
            around = chairs(facts.seat_plan.capacity, facts.seat_plan.reserved)
            for id_, group in room.line.items():
                if self.town.world.clock.now < facts.starts_at and may_sit(room.seats.values(), group, around, {}):
                    yield f"{id_} waits beside a free chair"
            yield from (f"{id_} is of another role" for id_, group in room.seats.items() if groups[id_] != group)

    def _proposals(self) -> Iterator[str]:
        pending = Counter(row.registration_id for row in self.town.rows(transfer) if row.status == "pending")
        for id_, count in pending.items():
            if count > 1 or self.registrations[id_].status != "confirmed":
                yield f"{count} proposals stand for {id_}, who is {self.registrations[id_].status}"

    def _figures(self) -> Iterator[str]:
        """What was told of the seats last is how they are."""
        told = {row.aggregate_id: row.payload for row in self.outbox if row.type == "seats.changed"}
        for row in self.town.rows(meeting):
            if told[row.id]["taken"] != row.seats_taken:
                yield f"{row.slug} was told as {told[row.id]['taken']} of {row.seats_taken}"
