"""The access matrix: every route, every visitor, things of theirs and of others. All of it is generated.

What is expected follows from the verb that a route declares and ``may``; what happens is what the service answers. Each
transaction is rolled back where it would commit, so that everyone finds the same things.
"""

from collections.abc import Sequence

import pytest

from shared.web.access import verb_of
from tests.access.cells import asked, cells
from tests.access.house import House, nothing_lasts
from tests.access.visitors import Visitor

FEWEST = {"catalog": 2_000, "registration": 2_500, "notifications": 800}
"""So many cells are asked at least: nobody can leave routes out unseen."""


@pytest.mark.parametrize("service", ["catalog", "registration", "notifications"])
def test_everyone_comes_past_their_own_doors_and_no_others(
    house: House, everyone: Sequence[Visitor], service: str
) -> None:
    found = asked(house, house.service(service), everyone)
    assert found.wrong == []
    assert found.empty == set()
    assert found.count > FEWEST[service]


@pytest.mark.parametrize("service", ["catalog", "registration", "notifications"])
def test_who_may_only_read_is_let_in_nowhere_to_change_something(house: House, service: str) -> None:
    app = house.service(service).app
    declared = {
        f"{method} {rule.rule}": verb_of(app, rule, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}
    }
    assert {route: verb for route, verb in declared.items() if str(verb).endswith(".read")} == {}


def test_who_may_not_does_not_learn_which_registrations_there_are(house: House, everyone: Sequence[Visitor]) -> None:
    service, told = house.service("registration"), []
    with nothing_lasts(service):
        for cell in cells(house, service, everyone):
            known = cell.place.things["registration"]
            if known not in cell.address or cell.place.name != "here" or cell.expected(service):
                continue
            unknown = cell.address.replace(known, "0190b8a0-0000-7000-8000-000000000000")
            answers = [cell.visitor.ask(service, cell.method, address, {}) for address in (cell.address, unknown)]
            if len({answer.status_code for answer in answers}) > 1:
                told.append(f"{cell}: {answers}")
    assert told == []
