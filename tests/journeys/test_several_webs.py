"""Web processes keep nothing that another one would miss: each request may be answered by another of them."""

from collections.abc import Callable, Iterable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from deploy.assembly import Assembly
from tests.grounds import Embedded
from tests.journeys.kring import MANAGER, Kring, Visitor, assemble, close, found_kring, mine_link, only

ANNA = {"name": "Anna", "email": "anna@gemeente.example", "organisation": "Gouda", "targetGroup": "inkoper"}


class Turns:
    """Several web processes of each service, asked in turn."""

    def __init__(self, *assemblies: Assembly) -> None:
        self.next = cycle(assemblies)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return next(self.next)(environ, start_response)


@pytest.fixture
def kring(embedded: Embedded, tmp_path: Path) -> Iterator[Kring]:
    """An installation whose limit is two posts about one address in ten minutes."""
    kring = found_kring(embedded, tmp_path, LIMITS="0.1")
    yield kring
    kring.close()


@pytest.fixture
def turns(kring: Kring) -> Iterator[Turns]:
    others = [assemble(kring.environments, kring.clock) for _ in range(2)]
    yield Turns(*others, kring.assembly)
    for other in others:
        close(other)


def test_each_request_may_be_answered_by_another_process(kring: Kring, turns: Turns) -> None:
    meeting = kring.publish(seatPlan={"capacity": 2})
    visitor, manager = Visitor(Client(turns)), Visitor(Client(turns))
    page = f"/registration/meetings/{meeting['slug']}"

    answer = visitor.press(visitor.get(page), **ANNA)
    mine = visitor.open(mine_link(only(kring.new_mail(), ANNA["email"])))
    left = visitor.press(mine)
    manager.press(manager.open(kring.command("sign-in-link")))
    kring.settle()

    assert "U heeft een plek" in answer.text
    assert [visitor.open(mine.request.path).status_code for _ in range(3)] == [200] * 3
    assert left.status_code == 200
    assert kring.seats(meeting)["taken"] == 0
    assert [manager.get("/organise/").status_code for _ in range(3)] == [200] * 3


def test_what_changed_in_one_is_true_in_all_at_once(kring: Kring, turns: Turns) -> None:
    meeting, visitor = kring.publish(), Visitor(Client(turns))
    places = ("/meetings", f"/meetings/{meeting['slug']}", "/calendar.ics")
    tags = {visitor.get("/calendar.ics").headers["ETag"] for _ in range(3)}
    for place in places:
        assert all("Samen circulair" in visitor.get(place).text for _ in range(3))
    (tag,) = tags
    asked = {"headers": {"If-None-Match": tag}}
    assert [visitor.get("/calendar.ics", **asked).status_code for _ in range(3)] == [304] * 3

    renamed = {"title": {"nl": "Samen anders inkopen"}}
    change = kring.ask("PATCH", f"/v1/meetings/{meeting['id']}", {**MANAGER, "If-Match": "*"}, json=renamed)

    assert change.status_code == 200
    for place in places:
        assert all("Samen anders" in visitor.get(place).text for _ in range(3))
    assert [visitor.get("/calendar.ics", **asked).status_code for _ in range(3)] == [200] * 3


def test_a_limit_counts_what_all_of_them_were_asked(kring: Kring, turns: Turns) -> None:
    meeting, client = kring.publish(), Client(turns)
    wish = {"name": "Anna", "email": "anna@gemeente.example", "targetGroup": "inkoper"}

    answers = [client.post(f"/registration/v1/meetings/{meeting['id']}/registrations", json=wish) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 429]
