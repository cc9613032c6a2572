"""Signing up: how soon the mail is written, and how many a second may want the same meeting."""

import json
import os
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

from sqlalchemy import text

from deploy import servers
from deploy.embedded import THREADS
from shared.db.transaction import new_id
from tests.bench import pgbench
from tests.bench.client import CLIENT_THREADS, CONNECTIONS, get, load, post
from tests.bench.figures import Row, by_turns, one_by_one, share_of_rate, share_of_time
from tests.bench.meetings import (
    PERSON,
    SEATS,
    asking,
    check_alike,
    check_kept,
    let_it_count,
    registration_on,
    sign_many_up,
    sign_up_path,
    with_meetings,
)
from tests.bench.programs import MANAGER_KEY, WORKERS, embedded, web
from tests.bench.sizes import Sizes
from tests.waiting import eventually

PROMISE = 0.3
"""Seconds from the answer to the mail, in the median."""

HEALTH = "/registration/health/live"
CLIENT = f"{CONNECTIONS} connections of {CLIENT_THREADS} client threads"


def embedded_rows(folder: Path, sizes: Sizes) -> Iterator[Row]:
    """The mail after a sign-up, and a stampede, both in what ``make run`` starts."""
    with embedded(folder) as port, closing(Caller(port)) as caller:
        yield from _until_mail(caller, folder, sizes.sign_ups)
        path = sign_up_path(caller.publish("Stormloop"))
        caller.sign_up(path, "first")
        ours, health = by_turns(
            sizes.rounds,
            lambda: load(port, post(path, PERSON), sizes.seconds, 201),
            lambda: load(port, get(HEALTH), sizes.seconds),
        )
    how = f"1 process, {THREADS} threads, SQLite synchronous=FULL, limits off, {CLIENT}"
    yield Row(
        "sign-ups for one meeting, embedded", ours, f"{how}; mails are written beside it", share_of_rate(ours, health)
    )
    yield Row("/health/live of the same process", health, how)


def sqlite_rows(folder: Path, sizes: Sizes) -> Iterator[Row]:
    """A stampede on SQLite: registration alone, as it is served where there is no other database."""
    folder.mkdir()
    url = f"sqlite:///{folder / 'registration.db'}"
    meeting_id = new_id()
    with_meetings(url, meeting_id)
    path = sign_up_path(meeting_id)
    with web("registration", folder / "web", url) as port:
        ours, health = by_turns(
            sizes.rounds,
            lambda: load(port, post(path, PERSON), sizes.seconds, 201),
            lambda: load(port, get(HEALTH), sizes.seconds),
        )
    check_kept(url, ours.count)
    how = f"granian, {WORKERS} workers, synchronous FULL, limits off, {CLIENT}"
    yield Row("sign-ups for one meeting, SQLite", ours, how, share_of_rate(ours, health))
    yield Row("/health/live of the same web", health, how)


def postgres_rows(folder: Path, sizes: Sizes) -> Iterator[Row]:
    """A stampede on PostgreSQL as in production, and pgbench that writes the same."""
    folder.mkdir()
    with servers.own_postgres(folder / "postgresql") as server:
        url = server.make_database("registration")
        meeting_id, past = new_id(), new_id()
        with_meetings(url, meeting_id, past)
        with registration_on(url) as service:
            sign_many_up(service, past, sizes.past)
        copied = server.make_database("pgbench", "registration")
        let_it_count(url)
        let_it_count(copied)
        durable = ", ".join(f"{name} {_shown(url, name)}" for name in ("fsync", "synchronous_commit"))
        path = sign_up_path(meeting_id)
        with web("registration", folder / "web", url) as port:
            ours, peer, health = by_turns(
                sizes.rounds,
                lambda: load(port, post(path, PERSON), sizes.seconds, 201),
                lambda: pgbench.run(copied, pgbench.step_by_step(meeting_id), folder, sizes.seconds),
                lambda: load(port, get(HEALTH), sizes.seconds),
            )
        check_kept(url, ours.count + sizes.past)
        check_kept(copied, peer.count + sizes.past)
        check_alike(url, copied)
    how = f"granian, {WORKERS} workers, limits off, {CLIENT}"
    yield Row("sign-ups for one meeting, PostgreSQL", ours, f"{durable}, {how}", share_of_rate(ours, peer))
    yield Row(
        "pgbench, the same writes",
        peer,
        f"{durable}, no web, no limits, {CONNECTIONS} clients of {CLIENT_THREADS} threads, a transaction each",
    )
    yield Row("/health/live of the same web", health, f"{how}: what client and web can do at all")


class Caller:
    """An organiser and participants, on a connection that is kept."""

    def __init__(self, port: int) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=30)

    def close(self) -> None:
        self.connection.close()

    def ask(self, method: str, path: str, document: object = None, key: str = "") -> tuple[int, Any]:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
        self.connection.request(method, path, None if document is None else json.dumps(document), headers)
        answer = self.connection.getresponse()
        return answer.status, json.loads(answer.read())

    def publish(self, title: str, seats: int = SEATS) -> str:
        """Publish a meeting, with seats for all unless said otherwise; gives its id."""
        starts_at = datetime.now(UTC) + timedelta(days=60)
        facts = {
            "title": {"nl": title},
            "startsAt": starts_at.isoformat(),
            "endsAt": (starts_at + timedelta(hours=3)).isoformat(),
            "region": "PV26",
            "targetGroups": [PERSON["targetGroup"]],
            "venue": {"name": "Stadhuis", "city": "Utrecht"},
            "organiser": {"name": "Noor de Vries", "email": "noor@kring.example"},
            "seatPlan": {"capacity": seats},
        }
        status, draft = self.ask("POST", "/v1/meetings", facts, MANAGER_KEY)
        assert status == 201, draft
        status, published = self.ask("POST", f"/v1/meetings/{draft['id']}/publication", {}, MANAGER_KEY)
        assert status == 200, published
        return str(draft["id"])

    def sign_up(self, path: str, who: str) -> None:
        """As soon as registration knows the meeting."""
        person = PERSON | {"email": f"{who}@gemeente.example"}
        eventually(lambda: self.ask("POST", path, person)[0] == 201)


def _until_mail(caller: Caller, folder: Path, count: int) -> Iterator[Row]:
    """From the answer to the ``.eml``, one person after the other; the bare cost of the same is taken in between."""
    sent, path = folder / "mail" / "sent", sign_up_path(caller.publish("Rustig"))
    caller.sign_up(path, "first")
    eventually(lambda: _mails(sent) == 1)
    mailed, bare = [], []
    for number in range(count):
        before = _mails(sent)
        status, told = caller.ask("POST", path, PERSON | {"email": f"sam.{number}@gemeente.example"})
        assert status == 201, told
        answered_at = perf_counter()
        while _mails(sent) == before:
            sleep(0.0005)
        mailed_at = perf_counter()
        caller.ask("GET", HEALTH)
        write_synced(folder / "bare", b"x" * 10_000)
        mailed.append(mailed_at - answered_at)
        bare.append(perf_counter() - mailed_at)
    ours, limit = one_by_one(mailed), one_by_one(bare)
    kept = "kept" if ours.within(0.5) < PROMISE else "BROKEN"
    how = f"one after the other, SQLite synchronous=FULL, workers woken; promised p50 < {PROMISE * 1000:.0f} ms: {kept}"
    yield Row("sign-up answered → mail written, embedded", ours, how, share_of_time(ours, limit))
    yield Row("/health/live + one synced file of 10 kB", limit, "in between, on the same connection and disk")


def _mails(sent: Path) -> int:
    return len(list(sent.glob("*.eml")))


def write_synced(path: Path, content: bytes) -> None:
    """Write a file that is on the disk when this returns."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _shown(url: str, setting: str) -> str:
    with asking(url) as connection:
        return str(connection.scalar(text(f"SHOW {setting}")))
