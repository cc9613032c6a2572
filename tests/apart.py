"""Most tests of a service run where no other service exists; then they need not run once more in the whole house.

`tests/journeys/test_independence.py` makes that place and runs them there, all cases of each. A run without it, as of
one folder, runs every test in the house.
"""

from collections import defaultdict
from pathlib import Path

import pytest

THERE = "tests/journeys/test_independence.py::test_a_services_tests_pass_where_no_other_service_exists"
WITHOUT = ("test_everyone_at_once.py", "test_arrivals.py", "test_postfix.py")
"""The stampede of all acts is judged by the checks of the fault suite, which know all services; and `deploy` starts the
mail servers of others."""
IN_THE_HOUSE = (
    *("servers", "postgresql", "judges", "every_program"),
    *("hostile", "histories", "lives", "stampede", "repeats", "test_mail_server"),
)
"""What starts servers or other programs runs in the house, and the long hunts: they meet no other service either."""

APART = pytest.StashKey[dict[str, set[str]]]()
"""By service: the tests that were left to the place where it is alone."""


def service_alone_with(nodeid: str) -> str | None:
    """Whose test this is, if it runs where only that service exists."""
    _, service, *rest = nodeid.split("::", maxsplit=1)[0].split("/")
    if not rest or Path(rest[-1]).name in WITHOUT or any(word in nodeid.lower() for word in IN_THE_HOUSE):
        return None
    return service


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    places = {item.nodeid.removeprefix(THERE).strip("[]") for item in items if item.nodeid.startswith(THERE)}
    apart: dict[str, set[str]] = defaultdict(set)
    config.stash[APART] = apart
    left = []
    for item in items:
        service = service_alone_with(item.nodeid)
        if service in places:
            apart[service].add(item.nodeid)
        else:
            left.append(item)
    items[:] = left


def pytest_report_collectionfinish(config: pytest.Config) -> list[str]:
    return [f"{len(tests)} tests of {service} run where it is alone" for service, tests in config.stash[APART].items()]
