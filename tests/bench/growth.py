"""What is asked most, of an installation that is young and of one that has grown a hundredfold."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from itertools import count
from pathlib import Path
from time import perf_counter

from werkzeug.test import TestResponse

from deploy import servers
from shared.db.transaction import new_id
from tests.bench.catalogue import fill
from tests.bench.client import UNIQUE
from tests.bench.feeds import FEED
from tests.bench.figures import Row, Timed, by_turns, one_by_one, share_of_time
from tests.bench.meetings import PERSON, let_it_count, registration_on, sign_many_up, sign_up_path, with_meetings
from tests.bench.sizes import Sizes

TIMES, PEOPLE = 50, 10
"""How often each is asked in a turn; people at each meeting."""

Ask = Callable[[], TestResponse]


def growth_rows(folder: Path, sizes: Sizes) -> Iterator[Row]:
    """A sign-up, the seats of a meeting and the unchanged feed, asked one after the other in this process."""
    folder.mkdir()
    with servers.own_postgres(folder / "postgresql") as server, ExitStack() as ending:
        few, many = sizes.grown
        young, grown = (
            _registration(ending, server.make_database(f"registration{meetings}"), meetings)
            | _catalog(ending, server.make_database(f"catalog{meetings}"), meetings)
            for meetings in sizes.grown
        )
        for name in young:
            late, early = by_turns(sizes.rounds, partial(_timed, grown[name]), partial(_timed, young[name]))
            how = f"{PEOPLE} people at each of them, PostgreSQL, in one process"
            yield Row(f"{name}, of {many:,} meetings", late, how, share_of_time(late, early))
            yield Row(f"{name}, of {few:,} meetings", early, how)


def _registration(ending: ExitStack, url: str, meetings: int) -> dict[str, Ask]:
    """What is asked of registration on ``url`` once people have signed up for so many meetings."""
    ids = [new_id() for _ in range(meetings)]
    with_meetings(url, *ids)
    service = ending.enter_context(registration_on(url))
    for id_ in ids:
        sign_many_up(service, id_, PEOPLE)
    let_it_count(url)
    client, numbers = service.app.test_client(), count()

    def sign_up() -> TestResponse:
        email = PERSON["email"].replace(UNIQUE, f"new.{next(numbers)}")
        return client.post(sign_up_path(ids[0]), json=PERSON | {"email": email})

    return {
        "a sign-up": sign_up,
        "the seats of a meeting": partial(client.get, f"/registration/v1/meetings/{ids[0]}/seats"),
    }


def _catalog(ending: ExitStack, url: str, meetings: int) -> dict[str, Ask]:
    """What is asked of catalog on ``url`` once so many meetings are public."""
    service = fill(url, meetings)
    ending.callback(service.database.engine.dispose)
    client = service.app.test_client()
    known = {"If-None-Match": client.get(FEED).headers["ETag"]}
    return {"the unchanged feed": partial(client.get, FEED, headers=known)}


def _timed(ask: Ask) -> Timed:
    took = []
    for _ in range(TIMES):
        began = perf_counter()
        answer = ask()
        took.append(perf_counter() - began)
        assert answer.status_code in {200, 201, 304}, answer.text
    return one_by_one(took)
