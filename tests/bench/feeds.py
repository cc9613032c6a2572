"""The feed that calendar programs fetch over and over, mostly to hear that nothing changed."""

import gzip
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter

from deploy import servers
from services.catalog import queries
from services.catalog.actions.change_meeting import change_meeting
from services.catalog.queries import Part
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.filters import Filters
from services.catalog.rules.history import SYSTEM, Act
from shared.service import Service
from tests.bench.catalogue import fill
from tests.bench.client import CLIENT_THREADS, CONNECTIONS, get, load
from tests.bench.figures import Row, Timed, by_turns, one_by_one, share_of_rate, share_of_time
from tests.bench.nginx import nginx
from tests.bench.programs import WORKERS, web
from tests.bench.sizes import Sizes

ZIPPED = {"Accept-Encoding": "gzip"}
_CHANGES = 10
FEED = "/calendar.ics"


def feed_rows(folder: Path, sizes: Sizes) -> Iterator[Row]:
    """The feed unchanged and in full, from catalog as in production."""
    folder.mkdir()
    with servers.own_postgres(folder / "postgresql") as server:
        url = server.make_database("catalog")
        service = fill(url, sizes.meetings)
        body = service.app.test_client().get(FEED).data
        changed, bare = by_turns(sizes.rounds, lambda: _changed(service, _CHANGES), lambda: _bare(body, _CHANGES))
        service.database.engine.dispose()
        with web("catalog", folder / "web", url) as port, nginx(folder / "nginx", FEED[1:], body) as (other, its_tag):
            tag, size = _first(port)
            unchanged, file, full, health = by_turns(
                sizes.rounds,
                lambda: load(port, get(FEED, accept_encoding="gzip", if_none_match=tag), sizes.seconds, 304),
                lambda: load(other, get(FEED, if_none_match=its_tag), sizes.seconds, 304),
                lambda: load(port, get(FEED, accept_encoding="gzip"), sizes.seconds),
                lambda: load(port, get("/health/live"), sizes.seconds),
            )
    how = f"granian, {WORKERS} workers, PostgreSQL, {CONNECTIONS} connections of {CLIENT_THREADS} client threads"
    of_what = f"{sizes.meetings:,} meetings, {size / 1000:,.0f} kB gzipped"
    in_one = f"{sizes.meetings:,} meetings, {len(body) / 1e6:,.1f} MB, PostgreSQL, in one process"
    yield Row("feed, gzipped, after a meeting changed", changed, in_one, share_of_time(changed, bare))
    yield Row("sha256 and gzip of the same bytes", bare, "level 1, all at once")
    yield Row("feed, unchanged (304)", unchanged, f"{of_what}, {how}", share_of_rate(unchanged, file))
    yield Row("nginx, the same as a file (304)", file, f"{WORKERS} workers, no log, the same connections")
    yield Row("feed, in full (200)", full, f"{of_what}, {how}", share_of_rate(full, health))
    yield Row("/health/live of the same web", health, how)


def _changed(service: Service, times: int) -> Timed:
    """The gzipped feed from one process, each time after another meeting changed; the change itself is not counted."""
    client, addresses, took = service.app.test_client(), Addresses("https://kring.example"), []
    client.get(FEED, headers=ZIPPED)
    with service.database.reading() as session:
        found = queries.meetings(session, Filters(), Part(times))
    for number in range(times):
        with service.database.begin() as tx:
            meeting = queries.lock_meeting(tx.session, found[number % len(found)].id)
            assert meeting
            details = replace(meeting, title={"nl": f"Anders, {perf_counter()}"})
            change_meeting(tx, meeting, details, Act("changed", SYSTEM), addresses)
        began = perf_counter()
        answer = client.get(FEED, headers=ZIPPED)
        took.append(perf_counter() - began)
        assert answer.status_code == HTTPStatus.OK
    return one_by_one(took)


def _bare(body: bytes, times: int) -> Timed:
    """The same bytes hashed and gzipped at once by the libraries alone."""
    took = []
    for _ in range(times):
        began = perf_counter()
        sha256(body).hexdigest()
        gzip.compress(body, 1)
        took.append(perf_counter() - began)
    return one_by_one(took)


def _first(port: int) -> tuple[str, int]:
    """The ETag and the size in bytes of the gzipped feed."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", FEED, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.headers["ETag"], len(body)
