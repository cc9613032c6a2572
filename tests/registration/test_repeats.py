"""The same key is the same request: the same answer, whatever happened in between."""

import multiprocessing
import os
import signal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from services.registration.gate import SeatGate, SeatLock
from services.registration.rules.sign_ups import Answered, KeyReused, SignUp
from services.registration.tables import registration
from shared.events.catalog import SeatPlan
from tests.registration.stampede import MEETING, open_database, with_meeting

WISH = SignUp(
    name="Anna",
    email="anna@gemeente.example",
    address_key="anna@gemeente.example",
    target_group="inkoper",
    key="a-key",
    body_hash="what was asked",
)
prepared = with_meeting(SeatPlan(capacity=1))


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def sign_up_and_die(url: str) -> None:
    """The web process is killed after the commit and before the person hears of it."""
    SeatGate(open_database(url), SeatLock(), after_commit=_die).sign_up(MEETING, WISH)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        made: str = request.getfixturevalue("postgres")(prepared)
        return made
    url = f"sqlite:///{tmp_path / 'registration.sqlite'}"
    prepared(url)
    return url


def test_killed_between_commit_and_answer_the_same_request_gets_the_answer_it_would_have_had(url: str) -> None:
    process = multiprocessing.get_context("spawn").Process(target=sign_up_and_die, args=(url,))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL

    database = open_database(url)
    gate = SeatGate(database, SeatLock())
    again = gate.sign_up(MEETING, WISH)
    other = gate.sign_up(MEETING, SignUp(**{**vars(WISH), "name": "Bram", "body_hash": "something else"}))
    with database.reading() as session:
        rows = session.scalar(select(func.count()).select_from(registration))
    database.engine.dispose()

    assert isinstance(again, Answered)
    assert (again.status, again.place, rows) == ("confirmed", None, 1)
    assert other == KeyReused()
