"""Signing up for any of a hundred meetings at the same time, where nobody waits for the same row."""

from collections.abc import Iterator
from pathlib import Path

from deploy import servers
from shared.db.transaction import new_id
from tests.bench import pgbench
from tests.bench.client import CLIENT_THREADS, CONNECTIONS, ONE_OF_A_HUNDRED, load, post
from tests.bench.figures import Row, by_turns, share_of_rate
from tests.bench.meetings import (
    PERSON,
    check_alike,
    check_kept,
    let_it_count,
    registration_on,
    sign_many_up,
    sign_up_path,
    with_meetings,
)
from tests.bench.programs import WORKERS, web
from tests.bench.sizes import Sizes

MEETINGS = "0190a000-0000-7000-8000-"
"""What the ids of the hundred begin with."""


def spread_rows(folder: Path, sizes: Sizes) -> Iterator[Row]:
    """Beside the best that PostgreSQL can do: the same writes in one statement, on the same meetings."""
    folder.mkdir()
    with servers.own_postgres(folder / "postgresql") as server:
        url, past = server.make_database("registration"), new_id()
        with_meetings(url, past, *(f"{MEETINGS}{number:012d}" for number in range(100)))
        with registration_on(url) as service:
            sign_many_up(service, past, sizes.past)
        copied = server.make_database("pgbench", "registration")
        let_it_count(url)
        let_it_count(copied)
        best = pgbench.at_once(MEETINGS)
        with web("registration", folder / "web", url) as port:
            ours, peer = by_turns(
                sizes.rounds,
                lambda: load(port, post(sign_up_path(MEETINGS + ONE_OF_A_HUNDRED), PERSON), sizes.seconds, 201),
                lambda: pgbench.run(copied, best, folder, sizes.seconds),
            )
        check_kept(url, ours.count + sizes.past)
        check_kept(copied, peer.count + sizes.past)
        check_alike(url, copied)
    how = f"PostgreSQL, granian, {WORKERS} workers, limits off, {CONNECTIONS} connections of {CLIENT_THREADS} threads"
    yield Row("sign-ups, spread over 100 meetings", ours, how, share_of_rate(ours, peer))
    yield Row("pgbench, the same in one statement", peer, f"no web, {CONNECTIONS} clients of {CLIENT_THREADS} threads")
