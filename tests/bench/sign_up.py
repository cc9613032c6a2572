"""Signing up: how soon the mail is written, and how many a second may want the same meeting."""

import json
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

from sqlalchemy import Table, create_engine, select, text

from deploy import servers
from deploy.embedded import THREADS
from services.catalog.rules.references import DEFAULTS
from services.registration.actions.sign_up import sign_up
from services.registration.app import build
from services.registration.gate import LARGEST_BATCH
from services.registration.rules.sign_ups import SignUp
from services.registration.settings import read_settings
from services.registration.tables import flow, history, registration
from shared.events.catalog import MeetingPublished, ReferenceChanged, SeatPlan
from tests.bench import pgbench
from tests.bench.client import CLIENT_THREADS, CONNECTIONS, UNIQUE, get, load, post
from tests.bench.figures import Row, by_turns, one_by_one, share_of_rate, share_of_time
from tests.bench.programs import MANAGER_KEY, WORKERS, embedded, production, web
from tests.bench.sizes import Sizes
from tests.builders import a_meeting, tell
from tests.grounds import migration
from tests.waiting import eventually

SEATS = 100_000
PAST = 10_000
"""People who signed up for another meeting before."""

PROMISE = 0.3
"""Seconds from the answer to the mail, in the median."""

HEALTH = "/registration/health/live"
CLIENT = f"{CONNECTIONS} connections of {CLIENT_THREADS} client threads"
PERSON = {
    "name": "Sam Jansen",
    "email": f"sam.{UNIQUE}@gemeente.example",
    "organisation": "Adviesbureau Voorbeeld",
    "targetGroup": "beleidsmaker",
    "language": "nl",
}


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
    path = sign_up_path(_with_meeting(url))
    with web("registration", folder / "web", url) as port:
        ours, health = by_turns(
            sizes.rounds,
            lambda: load(port, post(path, PERSON), sizes.seconds, 201),
            lambda: load(port, get(HEALTH), sizes.seconds),
        )
    _check_kept(url, ours.count)
    how = f"granian, {WORKERS} workers, synchronous FULL, limits off, {CLIENT}"
    yield Row("sign-ups for one meeting, SQLite", ours, how, share_of_rate(ours, health))
    yield Row("/health/live of the same web", health, how)


def postgres_rows(folder: Path, sizes: Sizes) -> Iterator[Row]:
    """A stampede on PostgreSQL as in production, and pgbench that writes the same."""
    folder.mkdir()
    with servers.own_postgres(folder / "postgresql") as server:
        url = server.make_database("registration")
        _sign_up_many(url, _with_meeting(url))
        meeting_id = _with_meeting(url)
        copied = server.make_database("pgbench", "registration")
        durable = ", ".join(f"{name} {_shown(url, name)}" for name in ("fsync", "synchronous_commit"))
        path = sign_up_path(meeting_id)
        with web("registration", folder / "web", url) as port:
            ours, peer, health = by_turns(
                sizes.rounds,
                lambda: load(port, post(path, PERSON), sizes.seconds, 201),
                lambda: pgbench.run(copied, meeting_id, folder, sizes.seconds),
                lambda: load(port, get(HEALTH), sizes.seconds),
            )
        _check_kept(url, ours.count + PAST)
        _check_kept(copied, peer.count + PAST)
        _check_alike(url, copied)
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


def sign_up_path(meeting_id: str) -> str:
    """Where one signs up for a meeting."""
    return f"/registration/v1/meetings/{meeting_id}/registrations"


def _sign_up_many(url: str, meeting_id: str) -> None:
    """As in a database in use: on empty tables PostgreSQL makes plans that read all of them, and keeps those."""
    service = build(read_settings(production(url)))
    for number in range(0, PAST, LARGEST_BATCH):
        people = [f"past.{number + each}@gemeente.example" for each in range(LARGEST_BATCH)]
        wishes = [SignUp(name="Sam Jansen", email=it, address_key=it, target_group="beleidsmaker") for it in people]
        with service.database.begin() as tx:
            sign_up(tx, meeting_id, wishes)
    with _asking(url) as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
    service.database.engine.dispose()


def _with_meeting(url: str) -> str:
    """Make the tables, and let catalog tell its words and a meeting; gives the meeting's id."""
    migration("registration")(url)
    service = build(read_settings(production(url)))
    for word in DEFAULTS:
        id_ = f"{word.kind}:{word.code}"
        tell(service, ReferenceChanged(id=id_, kind=word.kind, code=word.code, labels=word.labels))
    starts_at = datetime.now(UTC) + timedelta(days=60)
    plan = SeatPlan(capacity=SEATS)
    meeting = a_meeting(starts_at=starts_at, ends_at=starts_at + timedelta(hours=3), seat_plan=plan)
    tell(service, MeetingPublished(meeting=meeting))
    service.database.engine.dispose()
    return meeting.id


@contextmanager
def _asking(url: str) -> Iterator[Any]:
    engine = create_engine(url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _shown(url: str, setting: str) -> str:
    with _asking(url) as connection:
        return str(connection.scalar(text(f"SHOW {setting}")))


def _check_kept(url: str, answered: int) -> None:
    """A figure counts only if all that was answered is there, and the counters say the same as the rows."""
    with _asking(url) as connection:
        rows = connection.scalar(text("SELECT count(*) FROM registration"))
        counted = connection.scalar(text("SELECT sum(seats_taken) FROM meeting"))
    assert rows == counted >= answered, f"{answered} answered, {rows} rows, {counted} counted"


def _check_alike(ours: str, peers: str) -> None:
    """The peer counts only if a sign-up leaves there what it leaves with us: the same columns, the same facts."""
    for table in (registration, history, flow.stream, flow.outbox):
        left, right = _filled(ours, table), _filled(peers, table)
        assert left == right, f"{table.name}: {sorted(left ^ right)} only in one of them"


def _filled(url: str, table: Table) -> set[str]:
    """What a row of the table holds; of a payload also what its facts are called."""
    with _asking(url) as connection:
        row = connection.execute(select(table).order_by(table.primary_key.columns[0].desc())).mappings().first()
    facts = row["payload"]["registration"] if "payload" in row else {}
    return {name for name, value in row.items() if value is not None} | {*facts}
