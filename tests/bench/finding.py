"""The list of meetings that everyone sees, with few and with many of them."""

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from time import perf_counter

from deploy import servers
from shared.service import Service
from tests.bench.catalogue import fill
from tests.bench.figures import Row, Timed, by_turns, one_by_one, share_of_time
from tests.bench.sizes import Sizes

_TIMES = 20
_PAGE = "/meetings?region=PV26"


def finding_rows(folder: Path, sizes: Sizes) -> Iterator[Row]:
    """The page with the meetings of one region, from one process on PostgreSQL."""
    folder.mkdir()
    few, many = sizes.listed
    with servers.own_postgres(folder / "postgresql") as server:
        services = [fill(server.make_database(f"catalog{count}"), count) for count in sizes.listed]
        with_few, with_many = by_turns(sizes.rounds, lambda: _asked(services[0]), lambda: _asked(services[1]))
        for service in services:
            service.database.engine.dispose()
    how = "50 of one region on a page, PostgreSQL, in one process"
    yield Row(f"list of {many:,} meetings", with_many, how, share_of_time(with_many, with_few))
    yield Row(f"list of {few:,} meetings", with_few, how)


def _asked(service: Service) -> Timed:
    """The page, over and over."""
    client, took = service.app.test_client(), []
    client.get(_PAGE)
    for _ in range(_TIMES):
        began = perf_counter()
        answer = client.get(_PAGE)
        took.append(perf_counter() - began)
        assert answer.status_code == HTTPStatus.OK
    return one_by_one(took)
