"""Sixty people, ten seats, one moment; several workers, as in production."""

import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from services.registration.actions.sign_up import sign_up
from services.registration.gate import SeatGate, SeatLock
from services.registration.queries.seats import Counted, recount
from services.registration.rules.decision import Refused
from services.registration.rules.sign_ups import Answered, GroupUnknown, KeyReused, SignUp
from shared.db.transaction import Transaction
from shared.events.catalog import SeatPlan
from tests.registration.stampede import (
    MEETING,
    Told,
    broken,
    in_processes,
    in_threads,
    open_database,
    publish,
    rush,
    with_meeting,
)

SEATS = 10
PEOPLE = [f"inkoper{number}@gemeente.example" for number in range(60)]
prepared = with_meeting(SeatPlan(capacity=SEATS))


@pytest.fixture(params=["sqlite", "postgresql"])
def race(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Callable[..., dict[str, Told]]]]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'registration.sqlite'}"
        prepared(url)
        yield url, in_threads
    else:
        yield request.getfixturevalue("postgres")(prepared), in_processes


def test_ten_get_a_seat_and_fifty_wait_in_order(race: tuple[str, Callable[..., dict[str, Told]]]) -> None:
    url, run = race
    told = run(url, PEOPLE, locked=True)
    assert broken(url, MEETING, told, SEATS) == []


def test_without_the_lock_the_same_race_breaks_its_promises(race: tuple[str, Callable[..., dict[str, Told]]]) -> None:
    url, run = race
    told = run(url, PEOPLE, locked=False)
    assert broken(url, MEETING, told, SEATS)


def test_a_value_that_no_database_takes_is_the_error_of_that_one_alone(race: tuple[str, Any]) -> None:
    url, _ = race
    people = [*PEOPLE[:20], "half \ud800 a character"]
    everyone_here = threading.Barrier(len(people))

    def hold_until_all_wait(tx: Transaction, meeting_ids: Collection[str]) -> None:
        with suppress(threading.BrokenBarrierError):
            everyone_here.wait(0.2)  # those behind the first are in the line by then, and share what follows
        SeatLock().hold(tx, meeting_ids)

    told = rush(url, people, SeatLock(hold=hold_until_all_wait), threading.Barrier(1))

    errors = {person: status for person, (status, _) in told.items() if status not in {"confirmed", "waitlisted"}}
    assert errors == {people[-1]: "UnicodeEncodeError"}
    assert broken(url, MEETING, {person: told[person] for person in people[:-1]}, SEATS) == []


@pytest.mark.parametrize("kind", [RuntimeError, ValueError])
def test_where_the_meeting_cannot_be_held_all_who_wait_hear_of_it(race: tuple[str, Any], kind: type[Exception]) -> None:
    url, _ = race

    def fail(_tx: Transaction, _meeting_ids: Collection[str]) -> None:
        raise kind

    told = rush(url, PEOPLE, SeatLock(hold=fail), threading.Barrier(1))
    assert {person: status for person, (status, _) in told.items()} == dict.fromkeys(PEOPLE, kind.__name__)


def test_in_one_batch_a_person_and_a_key_count_once_and_a_refusal_takes_no_seat(race: tuple[str, Any]) -> None:
    url, _ = race
    database = open_database(url)
    with database.begin() as tx:
        outcomes = sign_up(
            tx,
            MEETING,
            [
                wish("anna", key="a", body_hash="1"),
                wish("anna"),
                wish("anna", key="a", body_hash="1"),
                wish("bram", key="a", body_hash="2"),
                wish("chris", target_group="tovenaar"),
                *(wish(f"person {number}") for number in range(SEATS)),
                wish("anna"),
            ],
        )
    said = [(told.status, told.place) if isinstance(told, Answered) else told for told in outcomes]
    seat = ("confirmed", None)
    assert said[:5] == [seat, seat, seat, KeyReused(), GroupUnknown()]
    assert said[5:] == [*[seat] * (SEATS - 1), ("waitlisted", 1), ("waitlisted", 2)]
    with database.reading() as session:
        assert recount(session, MEETING) == Counted({"inkoper": SEATS}, {"inkoper": 1}, 0, 0)
    database.engine.dispose()


def test_who_wants_other_meetings_shares_the_transaction_and_is_answered_for_their_own(race: tuple[str, Any]) -> None:
    url, _ = race
    database = open_database(url)
    meetings = [f"0190a000-0000-7000-8000-00000000010{number}" for number in range(5)]
    with database.begin() as tx:
        for meeting_id in meetings:
            publish(tx, meeting_id, SeatPlan(capacity=2))
    asked = [(meeting_id, f"person {number}") for number in range(4) for meeting_id in meetings]
    asked += [("unheard of", "person"), (meetings[0], "half \ud800 a character")]
    everyone_here, together = threading.Barrier(len(asked)), Counter[int]()

    def hold_until_all_wait(tx: Transaction, meeting_ids: Collection[str]) -> None:
        with suppress(threading.BrokenBarrierError):
            everyone_here.wait(0.2)
        SeatLock().hold(tx, meeting_ids)
        together[len(meeting_ids)] += 1

    gate = SeatGate(database, SeatLock(hold=hold_until_all_wait))

    def ask(meeting_id: str, person: str) -> object:
        try:
            return gate.sign_up(meeting_id, wish(person))
        except UnicodeEncodeError as error:
            return type(error)

    with ThreadPoolExecutor(len(asked)) as people:
        said = list(people.map(ask, *zip(*asked, strict=True)))
    assert max(together) > 1, "meetings that were held at once"
    assert said[-2:] == [Refused("meeting-unknown"), UnicodeEncodeError]
    for number, meeting_id in enumerate(meetings):
        told = sorted(
            (one.status, one.place or 0) for one in said[number : -2 : len(meetings)] if isinstance(one, Answered)
        )
        assert told == [("confirmed", 0), ("confirmed", 0), ("waitlisted", 1), ("waitlisted", 2)]
        with database.reading() as session:
            assert recount(session, meeting_id) == Counted({"inkoper": 2}, {"inkoper": 2}, 0, 0)
    database.engine.dispose()


def wish(name: str, **more: Any) -> SignUp:
    return SignUp(**{"name": name, "email": name, "address_key": name, "target_group": "inkoper", **more})
