"""Nobody learns who is registered: neither by what is answered, nor by how long that takes."""

import re
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from werkzeug.test import TestResponse

from shared.web.limits import PER_WINDOW
from tests.grounds import Embedded, Ground
from tests.journeys.kring import Kring, Visitor, found_kring
from tests.journeys.pages import form_of

PAIRS = 60
FAR_APART = 0.8
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


def test_asking_to_be_invited_is_answered_the_same_to_the_letter(kring: Kring) -> None:
    kring.sign_up(kring.publish(), "Bekend")
    kring.settle()

    def ask(email: str) -> TestResponse:
        visitor = kring.visitor()
        form = form_of(visitor.get("/notifications/subscriptions").text)
        return visitor.submit(form, email=email, targetGroup="inkoper", regions="PV26", name="Iemand")

    answers = [ask("bekend@gemeente.example"), ask("nieuw@gemeente.example")]
    assert answers[0].status_code < 400
    assert plain(answers[0]) == plain(answers[1])


def steps(kring: Kring, email: str, meeting: Mapping[str, Any], **more: Any) -> int:
    """How many statements the database is given by a sign-up."""
    given: list[str] = []
    with heard(kring, given):
        kring.sign_up(meeting, "Iemand", email=email, **more)
    return len(given)


@contextmanager
def heard(kring: Kring, given: list[str]) -> Iterator[None]:
    """All statements that registration gives its database in the block are put into ``given``."""
    engine = kring.assembly.registration.database.engine

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        given.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("plan", [{"capacity": 9}, {"capacity": 1}, {"capacity": 1, "waitingList": False}], ids=str)
def test_a_known_address_takes_as_many_steps_as_an_unknown_one(busy: Kring, plan: dict[str, object]) -> None:
    meeting = busy.publish(seatPlan=plan)
    busy.sign_up(meeting, "Bekend")
    steps(busy, "eerst@gemeente.example", meeting)
    known, unknown = (steps(busy, f"{who}@gemeente.example", meeting) for who in ("bekend", "nieuw"))
    assert known == unknown, "without the defence a newcomer takes two more, or two less without a waiting list"
    question = {"text": "Hoe dan?"}
    asks, newcomer = (steps(busy, f"{who}@gemeente.example", meeting, question=question) for who in ("bekend", "vers"))
    assert asks == newcomer, "the question of who is registered is written and taken back"


ASKING = {
    "organiser": "/registration/sign-in",
    "participant": "/registration/network/sign-in",
    "my-data": "/registration/my-data",
    "my-data by program": "/registration/v1/me/links",
}
"""Where somebody asks for a link with an address."""


def ask_link(kring: Kring, way: str, email: str) -> TestResponse:
    if way.endswith("by program"):
        return kring.ask("POST", ASKING[way], headers={}, json={"email": email})
    visitor = kring.visitor()
    return visitor.submit(form_of(visitor.get(ASKING[way]).text), email=email)


@pytest.fixture
def known(kring: Kring) -> Kring:
    """Where somebody signed up, and is an organiser too."""
    kring.sign_up(kring.publish(), "Bekend")
    kring.command("organisers", "add", "bekend@gemeente.example", "--role", "manager")
    kring.settle()
    return kring


@pytest.mark.parametrize("way", ASKING)
def test_asking_for_a_link_is_answered_and_limited_alike_and_takes_as_many_steps(known: Kring, way: str) -> None:
    ask_link(known, way, "eerst@gemeente.example")
    seen = {}
    for who in ("bekend", "nieuw"):
        given: list[str] = []
        with heard(known, given):
            answers = [ask_link(known, way, f"{who}@gemeente.example") for _ in range(PER_WINDOW["address"] + 1)]
        seen[who] = [plain(answer) for answer in answers], len(given), answers[-1].headers["Retry-After"]
    assert seen["bekend"] == seen["nieuw"]
    statuses = [status for status, _text, _headers in seen["nieuw"][0]]
    assert [status < 400 for status in statuses] == [True] * PER_WINDOW["address"] + [False]
    assert statuses[-1] == 429


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
