"""What must hold after a simulated life: the invariants of all faults, on the tables that such a life touches."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import case, func, select

from services.registration.tables import meeting, registration
from shared.bus.handling import PATIENCE
from shared.db.transaction import Database
from shared.events import CONTRACTS
from shared.events.catalog import SeatPlan
from shared.events.contract import schema_of
from shared.service import Service
from tests.faults.invariants import TABLES, Letter, State, broken_in
from tests.faults.rooms import SEATED, Plan
from tests.simulation.post import Letterbox

_PLAN = schema_of(SeatPlan)()
_FLOW = ("outbox", "inbox", "seen", "due", "setting")
_TOUCHED: Mapping[str, tuple[str, ...]] = {
    "catalog": (*_FLOW, "meeting"),
    "registration": (*_FLOW, "meeting", "registration", "history", "profile", "sparring"),
    "notifications": (*_FLOW, "meeting", "registration", "invitation", "outgoing_mail"),
}
_ALL = {service: {name: select(TABLES[service].tables[name]) for name in names} for service, names in _TOUCHED.items()}

_COUNTED = select(
    registration.c.meeting_id,
    registration.c.target_group,
    func.sum(case((registration.c.status.in_(SEATED), 1), else_=0)).label("seated"),
    func.sum(case((registration.c.status == "waitlisted", 1), else_=0)).label("waiting"),
).group_by(registration.c.meeting_id, registration.c.target_group)
_STANDING = select(*(registration.c[name] for name in ("id", "meeting_id", "status", "target_group")))


@dataclass(frozen=True, eq=False)
class Afterwards(State):
    """Everything there is to look at after a life; the mail arrived in a letterbox, each one once."""

    letterbox: Letterbox

    @property
    def letters(self) -> list[Letter]:
        first = {replace(letter, arrived=0): letter for letter in reversed(self.letterbox.arrived)}
        return sorted(first.values(), key=lambda letter: letter.arrived)

    @property
    def mailed(self) -> Sequence[str]:
        """One that arrived without our hearing of it may be overtaken before it is tried again."""
        mails = self.rows["notifications"]["outgoing_mail"]
        replaced = {mail.message_id for mail in mails if mail.status == "replaced"}
        return [message_id for message_id in self.letterbox.sources if message_id not in replaced]


def wrong_in(state: Afterwards, handled: Mapping[str, Sequence[str]]) -> list[str]:
    """What does not hold, in words that begin with the number of what should; ``handled`` are ids by receiver."""
    return [*broken_in(state), *_overtaken(state), *_out_of_order(state, handled), *state.letterbox.problems]


def rows_of(services: Sequence[Service]) -> dict[str, dict[str, Sequence[Any]]]:
    """The rows of the tables that a life touches, by service and table."""
    found = {}
    for service in services:
        with service.database.engine.connect() as connection:
            found[service.name] = {name: connection.execute(all_).all() for name, all_ in _ALL[service.name].items()}
    return found


def refused_in_vain(database: Database, told_full: Collection[tuple[str, str]]) -> Iterator[str]:
    """Whether there is a seat for whom it was just told, by meeting and target group, that there is none."""
    if not told_full:
        return
    now = database.clock()
    with database.reading() as session:
        meetings = {row.id: row for row in session.execute(select(meeting))}
        counted = session.execute(_COUNTED).all()
    for meeting_id, group in sorted(told_full):
        here = [row for row in counted if row.meeting_id == meeting_id]
        seated = Counter({row.target_group: row.seated for row in here})
        if any(row.waiting for row in here):
            continue  # who comes now stands behind them
        if _plan_of(meetings[meeting_id]).admits(seated, group, now):
            yield f"I2: a seat at {meeting_id} was refused to a {group} though it is free"


def passed_over(database: Database) -> Iterator[str]:
    """Who waits at this committed moment though the rule would admit them; not where time alone has freed the seat."""
    now = database.clock()
    with database.reading() as session:
        meetings = session.execute(select(meeting)).all()
        people = session.execute(_STANDING).all()
    for each in meetings:
        plan = _plan_of(each)
        mine = [row for row in people if row.meeting_id == each.id]
        seated = Counter(row.target_group for row in mine if row.status in SEATED)
        stands_still = plan.promotion == "manual" or (plan.release_at and plan.release_at <= now)
        if each.status != "published" or stands_still:
            continue
        for row in mine:
            if row.status == "waitlisted" and plan.admits(seated, row.target_group, now):
                yield f"I2: a crash leaves {row.id} waiting while the rule would admit them"


def _plan_of(row: Any) -> Plan:
    told = _PLAN.load(row.seat_plan)
    return Plan(told.capacity, told.reserved, told.maximum, told.release_at, told.promotion)


def _overtaken(state: Afterwards) -> Iterator[str]:
    """No calendar is told something older after something newer, not even once more."""
    newest: dict[str, int] = {}
    for letter in state.letterbox.arrived:
        if letter.sequence < newest.get(letter.uid, -1):
            yield f"I4: SEQUENCE {letter.sequence} of {letter.uid} arrived after {newest[letter.uid]}"
        newest[letter.uid] = max(letter.sequence, newest.get(letter.uid, -1))


def _out_of_order(state: Afterwards, handled: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Each event was handled once, and after those of its thing before it.

    States may skip ahead of what is missing; what such a one has overtaken comes when it may. What was missing for a
    day was given up, and comes when it comes.
    """
    told = {row.id: (publisher, row) for publisher, tables in state.rows.items() for row in tables["outbox"]}
    for receiver, ids in handled.items():
        states: defaultdict[tuple[str, ...], int] = defaultdict(int)
        others: defaultdict[tuple[str, ...], int] = defaultdict(int)
        received = {row.id: row.received_at for row in state.rows[receiver]["inbox"]}
        overtakers: dict[tuple[str, ...], str] = {}
        done: set[str] = set()
        for id_ in ids:
            publisher, row = told[id_]
            stream = (publisher, row.aggregate, row.aggregate_id)
            what = f"I5: {receiver} handled version {row.version} ({row.type}) of {row.aggregate_id}"
            newest = states if CONTRACTS[row.type].carries_state else others
            if id_ in done:
                yield f"{what} twice"
            elif newest is states and row.version < states[stream]:
                yield f"{what} after those that follow it"
            elif states[stream] < row.version < others[stream]:
                if received[id_] - received[overtakers[stream]] < PATIENCE:
                    yield f"{what} after those that follow it"
            elif newest is others:
                overtakers[stream] = id_
            newest[stream] = max(row.version, newest[stream])
            done.add(id_)
