"""The list of meetings that everyone sees, with few and with many of them; and how many visitors a web can have."""

import re
from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from pathlib import Path
from time import perf_counter

from deploy import servers
from services.catalog.actions.raise_pages import raise_pages
from shared.service import Service
from tests.bench.catalogue import fill
from tests.bench.client import CONNECTIONS, get, load
from tests.bench.figures import Row, Timed, by_turns, one_by_one, share_of_rate, share_of_time
from tests.bench.programs import WORKERS, web
from tests.bench.sizes import Sizes

_TIMES = 20
_PAGE = "/meetings?region=PV26"


def finding_rows(folder: Path, sizes: Sizes) -> Iterator[Row]:
    """The page with the meetings of one region, from one process on PostgreSQL."""
    folder.mkdir()
    few, many = sizes.listed
    with servers.own_postgres(folder / "postgresql") as server:
        urls = [server.make_database(f"catalog{count}") for count in sizes.listed]
        services = [fill(url, count) for url, count in zip(urls, sizes.listed, strict=True)]
        with_few, with_many = by_turns(sizes.rounds, lambda: _made(services[0]), lambda: _made(services[1]))
        meeting = _first_link(services[1])
        for service in services:
            service.database.engine.dispose()
        with web("catalog", folder / "web", urls[1]) as port:
            listed, shown, health = by_turns(
                sizes.rounds,
                *[partial(load, port, get(path), sizes.seconds) for path in (_PAGE, meeting, "/health/live")],
            )
    how = "50 of one region on a page, PostgreSQL, in one process, nothing kept"
    yield Row(f"list of {many:,} meetings", with_many, how, share_of_time(with_many, with_few))
    yield Row(f"list of {few:,} meetings", with_few, how)
    how = f"{many:,} meetings, granian, {WORKERS} workers, PostgreSQL, {CONNECTIONS} connections"
    yield Row("visitors of the list", listed, how, share_of_rate(listed, health))
    yield Row("visitors of a meeting's page", shown, how, share_of_rate(shown, health))
    yield Row("/health/live of the same web", health, how)


def _made(service: Service) -> Timed:
    """The page, over and over, each time as if something in the catalogue had changed."""
    client, took = service.app.test_client(), []
    client.get(_PAGE)
    for _ in range(_TIMES):
        with service.database.begin() as tx:
            raise_pages(tx)
        began = perf_counter()
        answer = client.get(_PAGE)
        took.append(perf_counter() - began)
        assert answer.status_code == HTTPStatus.OK
    return one_by_one(took)


def _first_link(service: Service) -> str:
    """The path of the page of the first meeting in the list."""
    found = re.search(r'href="(/meetings/[^"?]+)"', service.app.test_client().get("/meetings").text)
    assert found
    return found[1]
