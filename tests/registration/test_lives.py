"""Whole lives of a meeting, drawn at random, on the real tables; after every step all is as the oracle says.

The oracle seats people on chairs and shares no code with the rules. Facts from catalog come twice and too late,
transactions break off in the middle, and the service starts anew.
"""

import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy import bindparam, delete, event, select

from services.registration.actions.answer_offer import accept_offer, decline_offer
from services.registration.actions.approve_registration import approve_registration, reject_registration
from services.registration.actions.cancel_registration import cancel_registration
from services.registration.actions.change_group import change_group
from services.registration.actions.confirm_registration import confirm_registration
from services.registration.actions.move_up import move_up
from services.registration.actions.set_standing import Act
from services.registration.actions.settle import lock_meeting
from services.registration.actions.sign_up import sign_up
from services.registration.actions.transfer_seat import Colleague, accept_transfer, propose_transfer
from services.registration.gate import SeatGate, SeatLock
from services.registration.queries.meetings import meeting_by
from services.registration.queries.seats import seats_of
from services.registration.queries.waiting import all_places
from services.registration.rules.sign_ups import SignUp
from services.registration.tables import registration, session_seat
from shared.bus.inbox import Inbox
from shared.db.retention import RETAIN
from shared.db.transaction import Transaction, new_id
from shared.events.catalog import Label, MeetingCancelled, MeetingChanged, RegistrationTerms, SeatPlan, Session
from tests.builders import NOON, a_meeting, became, sealed, tell
from tests.registration.conftest import Clock, World
from tests.registration.oracle import ON_A_CHAIR, Oracle, Plan

GROUPS = ("inkoper", "bestuurder", "beleidsmaker")
WORKSHOP = "0190a000-0000-7000-8000-000000000001"
ACT = Act(name="act", cause="organiser", by="somebody", reason="because")

_EVERYONE = select(*(registration.c[name] for name in ("id", "name", "status", "target_group", "offer_until"))).where(
    registration.c.meeting_id == bindparam("meeting_id")
)
_CHOSEN = select(session_seat.c.registration_id, session_seat.c.status).where(
    session_seat.c.meeting_id == bindparam("meeting_id")
)
"""Made once: each is asked after every step of thousands of lives."""

groups, which = st.sampled_from(GROUPS), st.integers(0, 20)


class CrashError(Exception):
    """The process died before its commit."""


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    capacity = draw(st.sampled_from([0, 1, 2, 2, 3, 3, 4]))
    reserved: dict[str, int] = {}
    for group in draw(st.lists(groups, unique=True, max_size=2)):
        reserved[group] = draw(st.integers(0, capacity - sum(reserved.values())))
    maximum = {
        group: draw(st.integers(reserved.get(group, 0), capacity)) for group in draw(st.lists(groups, max_size=1))
    }
    release = draw(st.none() | st.integers(0, 100))
    return Plan(
        capacity,
        reserved,
        maximum,
        None if release is None else NOON - timedelta(hours=release),
        draw(st.sampled_from(["automatic", "automatic", "offer", "manual"])),
        waiting_list=draw(st.sampled_from([True] * 9 + [False])),
    )


class Lives(RuleBasedStateMachine):
    """One meeting from its publication on. ``world`` is set by who runs it."""

    world: World
    clock: Clock

    @initialize(
        plan=plans(),
        hours=st.sampled_from([400, 400, 120, 50, 26, 3]),
        clicks=st.sampled_from([(False, False)] * 6 + [(True, False), (False, True), (True, True)]),
        rush=st.lists(groups, min_size=2, max_size=7),
        workshop=st.booleans(),
    )
    def publish(self, plan: Plan, hours: int, clicks: tuple[bool, bool], rush: list[str], workshop: bool) -> None:  # noqa: FBT001  # drawn
        confirm_first, approval = clicks
        self.clock.now = NOON - timedelta(hours=hours)
        self.oracle = Oracle(plan, NOON, self.clock.now, confirm_first, approval)
        self.terms = RegistrationTerms(confirm_first=confirm_first, approval=approval)
        self.revision = 1
        self.names: dict[str, str] = {}
        self.ids: dict[str, str] = {}
        self.id = new_id()
        self._forget_other_lives()
        self.world.publish(**self._facts())
        self._rush(rush, last_moment=False, workshop=workshop)

    @rule(rush=st.lists(groups, min_size=1, max_size=3), last_moment=st.booleans(), workshop=st.booleans())
    def sign_up(self, rush: list[str], last_moment: bool, workshop: bool) -> None:  # noqa: FBT001  # drawn
        """Several at the same moment; they share a transaction."""
        self._rush(rush, last_moment=last_moment, workshop=workshop)

    def _forget_other_lives(self) -> None:
        """What is due for their meetings is not due by this clock."""
        due = self.world.service.database.flow.due
        with self.world.service.database.begin() as tx:
            tx.session.execute(delete(due).where(due.c.kind != RETAIN))

    def _rush(self, rush: list[str], *, last_moment: bool, workshop: bool) -> None:
        asked = [
            self._asks(f"P{len(self.oracle.guests) + place}", group, last_moment=last_moment, workshop=workshop)
            for place, group in enumerate(rush)
        ]
        with self.world.service.database.begin() as tx:
            lock_meeting(tx, self.id)
            sign_up(tx, self.id, asked)
        for wish in asked:
            self.oracle.sign_up(wish.name, wish.target_group, last_moment=last_moment, workshop=workshop)
        self._check()

    @precondition(lambda self: self.anyone("cancelled", "expired", "declined", "waitlisted"))
    @rule(which=which, group=groups)
    def sign_up_again(self, which: int, group: str) -> None:
        """Whoever left comes back at the end; whoever is there stays as they are."""
        for name in self._one(which, "cancelled", "expired", "declined", "waitlisted"):
            SeatGate(self.world.service.database, SeatLock()).sign_up(
                self.id, self._asks(name, group, last_moment=False, workshop=False)
            )
            self.oracle.sign_up(name, group, last_moment=False, workshop=False)
            self._check()

    @precondition(lambda self: self.anyone("confirmed", "offered", "waitlisted"))
    @rule(which=which)
    def cancel(self, which: int) -> None:
        self._do(self._one(which, "confirmed", "offered", "waitlisted"), cancel_registration, self.oracle.cancel)

    @precondition(lambda self: self.anyone("unconfirmed"))
    @rule(which=which)
    def confirm(self, which: int) -> None:
        for name in self._one(which, "unconfirmed"):
            with self.world.service.database.begin() as tx:
                confirm_registration(tx, self.ids[name])
            self.oracle.confirm(name)
            self._check()

    @precondition(lambda self: self.anyone("requested", "rejected"))
    @rule(which=which)
    def approve(self, which: int) -> None:
        self._do(self._one(which, "requested", "rejected"), approve_registration, self.oracle.approve)

    @precondition(lambda self: self.anyone("requested"))
    @rule(which=which)
    def reject(self, which: int) -> None:
        self._do(self._one(which, "requested"), reject_registration, self.oracle.reject)

    @precondition(lambda self: self.anyone("offered"))
    @rule(which=which)
    def accept(self, which: int) -> None:
        self._do(self._one(which, "offered"), accept_offer, self.oracle.accept)

    @precondition(lambda self: self.anyone("offered"))
    @rule(which=which)
    def decline(self, which: int) -> None:
        self._do(self._one(which, "offered"), decline_offer, self.oracle.decline)

    @precondition(lambda self: self.anyone("waitlisted", "requested", "expired"))
    @rule(which=which)
    def move_up(self, which: int) -> None:
        self._do(self._one(which, "waitlisted", "requested", "expired"), move_up, self.oracle.move_up)

    @precondition(lambda self: self.anyone("confirmed", "waitlisted"))
    @rule(which=which, group=groups)
    def change_group(self, which: int, group: str) -> None:
        self._do(
            self._one(which, "confirmed", "waitlisted"),
            lambda tx, id_, act: change_group(tx, id_, group, act),
            lambda name: self.oracle.change_group(name, group),
        )

    @precondition(lambda self: self.anyone("confirmed"))
    @rule(which=which, to=which, group=st.none() | groups)
    def hand_over(self, which: int, to: int, group: str | None) -> None:
        """To somebody new, or to somebody who is on the books already."""
        for giver in self._one(which, "confirmed"):
            known = [*self._one(to, "waitlisted", "cancelled", "confirmed"), "New"]
            receiver = known[0] if known[0] != giver else "New"
            address = f"{receiver.lower()}@gemeente.example"
            colleague = Colleague(name=receiver, email=address, address_key=address, target_group=group)
            with self.world.service.database.begin() as tx:
                proposed = propose_transfer(tx, self.ids[giver], colleague, ACT)
                if isinstance(proposed, str):
                    accept_transfer(tx, proposed)
            self.oracle.hand_over(giver, receiver, group or self.oracle.guests[giver].group)
            self._check()

    @rule(plan=plans(), twice=st.booleans(), late=st.booleans())
    def change_the_plan(self, plan: Plan, twice: bool, late: bool) -> None:  # noqa: FBT001  # drawn
        """The facts may come twice, and those of the plan before this one after them."""
        if self.oracle.called_off:
            return
        before = MeetingChanged(meeting=a_meeting(**self._facts()), changed=("seats",))
        self.revision += 1 + late
        self.oracle.replan(plan)
        newest = MeetingChanged(meeting=a_meeting(**self._facts()), changed=("seats",))
        self._hear(newest, self.revision, times=1 + twice)
        if late:
            self._hear(before, self.revision - 1)
        self._check()

    def _hear(self, happened: object, version: int, times: int = 1) -> None:
        """The broker brings this event, whose number in its stream is ``version``; perhaps more than once."""
        id_ = new_id()
        inbox = self.world.service.worker.part("inbox")
        assert isinstance(inbox, Inbox)
        for _ in range(times):
            inbox.take([sealed(happened, version, id=id_)], "catalog")
        assert became(self.world.service.database, id_) == ("done", None)

    @rule(hours=st.sampled_from([1, 5, 24, 70]))
    def time_passes(self, hours: int) -> None:
        self.clock.now += timedelta(hours=hours)
        self.oracle.now = self.clock.now
        self.world.service.worker.part("due").pulse()
        self.oracle.settle()
        self._check()

    @precondition(lambda self: len(self.oracle.guests) > 8)
    @rule()
    def call_off(self) -> None:
        self.revision += 1
        self.oracle.settle()
        self.oracle.called_off = True
        facts = a_meeting(**self._facts())
        tell(self.world.service, MeetingCancelled(meeting=facts), version=self.revision)
        self._check()

    @precondition(lambda self: self.anyone("confirmed", "offered"))
    @rule(which=which)
    def crash(self, which: int) -> None:
        """What was not committed never was; who starts anew knows no more than the tables say."""
        for name in self._one(which, "confirmed", "offered"):
            with suppress(CrashError), self.world.service.database.begin() as tx:
                cancel_registration(tx, self.ids[name], ACT)
                raise CrashError
            self.world.service.database.engine.dispose()
            self._check()

    def _do(
        self, names: list[str], act: Callable[[Transaction, str, Act], object], expected: Callable[[str], None]
    ) -> None:
        for name in names:
            with self.world.service.database.begin() as tx:
                act(tx, self.ids[name], ACT)
            expected(name)
            self._check()

    def anyone(self, *statuses: str) -> bool:
        return any(guest.status in statuses for guest in self.oracle.guests.values())

    def _one(self, which: int, *statuses: str) -> list[str]:
        """One of those who stand so; nobody where there is none."""
        found = [guest.name for guest in self.oracle.guests.values() if guest.status in statuses]
        return [found[which % len(found)]] if found else []

    def _asks(self, name: str, group: str, *, last_moment: bool, workshop: bool) -> SignUp:
        address = f"{name.lower()}@gemeente.example"
        return SignUp(
            name=name,
            email=address,
            address_key=address,
            target_group=group,
            last_moment=last_moment,
            sessions=[WORKSHOP] if workshop else [],
        )

    def _facts(self) -> dict[str, Any]:
        plan = self.oracle.plan
        return {
            "id": self.id,
            "slug": f"life-{self.id}",
            "revision": self.revision,
            "status": "cancelled" if self.oracle.called_off else "published",
            "target_groups": tuple(Label(code=code, labels={"nl": code}) for code in GROUPS),
            "seat_plan": SeatPlan(
                capacity=plan.capacity,
                reserved=plan.reserved,
                maximum=plan.maximum,
                release_at=plan.release_at,
                promotion=plan.mode,
                waiting_list=plan.waiting_list,
            ),
            "registration": self.terms,
            "sessions": (Session(id=WORKSHOP, title={"nl": "Werkplaats"}, capacity=self.oracle.workshop_seats),),
        }

    def _check(self) -> None:
        """Everyone stands as the oracle says, in the same order, and the counters say what the rows say."""
        with self.world.service.database.reading() as session:
            rows = session.execute(_EVERYONE, {"meeting_id": self.id}).all()
            row = meeting_by(session, self.id)
            places = all_places(session, self.id)
            chosen = session.execute(_CHOSEN, {"meeting_id": self.id}).all()
        wanted = self.oracle.guests
        ids = self.names = self.names | {each.id: each.name for each in rows if each.name}  # a week later names go
        self.ids = {ids[each.id]: each.id for each in rows}
        assert {ids[each.id]: (each.status, each.target_group) for each in rows} == {
            guest.name: (guest.status, guest.group) for guest in wanted.values()
        }
        assert {ids[id_]: wait.place for id_, wait in places.items()} == self.oracle.places()
        assert {ids[each.registration_id]: each.status == "confirmed" for each in chosen} == {
            guest.name: guest.in_workshop for guest in wanted.values() if guest.workshop is not None
        }
        assert row is not None
        seats = seats_of(row)
        assert seats.taken == Counter(guest.group for guest in wanted.values() if guest.status in ON_A_CHAIR)
        assert seats.waiting == Counter(guest.group for guest in wanted.values() if guest.status == "waitlisted")
        for each in rows:
            if each.status == "offered":
                self.oracle.offers_end[ids[each.id]] = each.offer_until
                assert each.offer_until <= NOON - timedelta(hours=2)


TIMES = int(os.environ.get("LIVES", "1"))
"""How many times as many lives are played: each run draws others, and ``LIVES=10`` plays thousands in one."""


def lives(world: World, clock: Clock, count: int) -> None:
    """Play this many lives."""
    machine = type("LivesHere", (Lives,), {"world": world, "clock": clock})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=count * TIMES,
            stateful_step_count=10,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate, Phase.shrink],
        ),
    )


@pytest.fixture
def unhurried(world: World) -> Iterator[World]:
    """A world in which SQLite does not wait for the disk: no machine loses its power here."""
    engine = world.service.database.engine
    if engine.dialect.name != "sqlite":
        yield world
        return
    event.listen(engine, "connect", _wait_for_no_disk)
    engine.dispose()
    yield world
    event.remove(engine, "connect", _wait_for_no_disk)
    engine.dispose()


def _wait_for_no_disk(connection: sqlite3.Connection, _entry: object) -> None:
    connection.execute("PRAGMA synchronous = OFF")


@pytest.mark.long
@pytest.mark.parametrize(
    ("ground", "count"),
    [
        pytest.param("embedded", 1000, id="embedded"),
        pytest.param("embedded", 1000, id="embedded, again"),
        pytest.param("servers", 200, id="servers"),
    ],
    indirect=["ground"],
)
def test_no_life_of_a_meeting_breaks_the_seat_rule(unhurried: World, clock: Clock, count: int) -> None:
    """Those on SQLite come in two halves, which can be played at the same moment."""
    lives(unhurried, clock, count)
