"""Nobody learns who is registered: neither by what is answered, nor by how long that takes."""

import re
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from werkzeug.test import TestResponse

from tests.grounds import Embedded, Ground
from tests.journeys.kring import Kring, Visitor, found_kring
from tests.journeys.pages import form_of

PAIRS = 60
FAR_APART = 0.86
"""A share of pairs in which one kind is the slower, that chance does not bring about in sixty: 0.5 ± 0.065 is usual."""

_DIFFERS = re.compile(r"[a-z0-9-]+@gemeente\.example|[0-9a-f]{8}-[0-9a-f-]{27}|value=\"[^\"]{40,}\"")
"""What is of each request alone: the address that was typed, ids and tokens."""


@pytest.fixture
def busy(ground: Ground, tmp_path: Path) -> Iterator[Kring]:
    """On both grounds, and without limits: measuring takes many posts."""
    kring = found_kring(ground, tmp_path)
    yield kring
    kring.close()


def plain(page: TestResponse) -> tuple[int, str, list[str]]:
    """An answer without what is of its request alone."""
    return page.status_code, _DIFFERS.sub("", page.text), sorted(page.headers.keys())


def sign_up_on_page(visitor: Visitor, slug: str, email: str) -> TestResponse:
    page = visitor.get(f"/registration/meetings/{slug}")
    answer = visitor.press(page, name="Iemand", email=email, targetGroup="inkoper", organisation="Gemeente")
    assert answer.status_code in {201, 409}
    return answer


@pytest.mark.parametrize("plan", [{"capacity": 9}, {"capacity": 1}, {"capacity": 1, "waitingList": False}], ids=str)
def test_known_and_unknown_addresses_get_the_same_answer_to_the_letter(kring: Kring, plan: dict[str, object]) -> None:
    meeting = kring.publish(seatPlan=plan)
    assert kring.sign_up(meeting, "Bekend").status_code == 201
    kring.settle()

    def by_program(email: str) -> TestResponse:
        return kring.sign_up(meeting, "Iemand", email=email)

    def on_page(email: str) -> TestResponse:
        return sign_up_on_page(kring.visitor(), str(meeting["slug"]), email)

    for ask in (by_program, on_page):
        known = plain(ask("bekend@gemeente.example"))
        assert plain(ask("nieuw@gemeente.example")) == known


@pytest.mark.parametrize(
    ("page", "typed"),
    [
        ("/registration/sign-in", {}),
        ("/registration/network/sign-in", {}),
        ("/notifications/subscriptions", {"targetGroup": "inkoper", "regions": "PV26", "name": "Iemand"}),
    ],
)
def test_asking_a_link_by_address_is_answered_the_same_to_the_letter(
    kring: Kring, page: str, typed: dict[str, str]
) -> None:
    meeting = kring.publish()
    kring.sign_up(meeting, "Bekend")
    kring.command("organisers", "add", "bekend@gemeente.example", "--role", "manager")
    kring.settle()

    def ask(email: str) -> TestResponse:
        visitor = kring.visitor()
        form = form_of(visitor.get(page).text)
        known = {name: text for name, text in typed.items() if name in form.fields or name in form.choices}
        return visitor.submit(form, email=email, **known)

    answers = [ask("bekend@gemeente.example"), ask("nieuw@gemeente.example")]
    assert answers[0].status_code < 400
    assert plain(answers[0]) == plain(answers[1])


def steps(kring: Kring, email: str, meeting: Mapping[str, Any], **more: Any) -> int:
    """How many statements the database is given by a sign-up."""
    given: list[str] = []
    engine = kring.assembly.registration.database.engine

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        given.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    kring.sign_up(meeting, "Iemand", email=email, **more)
    event.remove(engine, "before_cursor_execute", note)
    return len(given)


@pytest.mark.parametrize("plan", [{"capacity": 9}, {"capacity": 1}, {"capacity": 1, "waitingList": False}], ids=str)
def test_a_known_address_takes_as_many_steps_as_an_unknown_one(busy: Kring, plan: dict[str, object]) -> None:
    meeting = busy.publish(seatPlan=plan)
    busy.sign_up(meeting, "Bekend")
    steps(busy, "eerst@gemeente.example", meeting)
    known, unknown = (steps(busy, f"{who}@gemeente.example", meeting) for who in ("bekend", "nieuw"))
    assert abs(known - unknown) <= 2, "without the defence a newcomer takes four more"

    question = {"text": "Hoe dan?"}
    asks, newcomer = (steps(busy, f"{who}@gemeente.example", meeting, question=question) for who in ("bekend", "vers"))
    assert asks - newcomer == known - unknown, "the question of who is registered is written and taken back"


def how_often_slower(known: Sequence[float], unknown: Sequence[float]) -> float:
    """In which share of all pairs the known one took longer: 0.5 where nothing tells them apart (Mann-Whitney)."""
    return statistics.mean((one > other) + (one == other) / 2 for one in known for other in unknown)


def measured(kring: Kring, planted_seconds: float = 0) -> float:
    """Known and unknown addresses in turn, each first as often, so that a busy moment hits both alike.

    ``planted_seconds`` are added to what a known one takes.
    """
    meeting = kring.publish(seatPlan={"capacity": 1000})
    kring.sign_up(meeting, "Bekend")
    took: dict[str, list[float]] = {"bekend": [], "nieuw": []}
    for number in range(PAIRS):
        for who in ("bekend", "nieuw") if number % 2 else ("nieuw", "bekend"):
            email = f"{who if who == 'bekend' else number}@gemeente.example"
            began = time.perf_counter()
            kring.sign_up(meeting, "Iemand", email=email)
            took[who].append(time.perf_counter() - began + (planted_seconds if who == "bekend" else 0))
    return how_often_slower(took["bekend"], took["nieuw"])


def test_known_and_unknown_addresses_are_answered_in_the_same_time(busy: Kring) -> None:
    share = measured(busy)
    assert 1 - FAR_APART < share < FAR_APART, share


def test_the_measurement_would_see_a_difference(embedded: Embedded, tmp_path: Path) -> None:
    kring = found_kring(embedded, tmp_path)
    assert measured(kring, planted_seconds=0.1) > FAR_APART
    kring.close()
