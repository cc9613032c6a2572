"""Registration with meetings to sign up for, and what must stand in its database for a figure to count."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Table, create_engine, select, text

from services.catalog.rules.references import DEFAULTS
from services.registration.actions.sign_up import sign_up
from services.registration.app import build
from services.registration.gate import LARGEST_BATCH
from services.registration.rules.sign_ups import SignUp
from services.registration.settings import read_settings
from services.registration.tables import flow, history, registration
from shared.events.catalog import MeetingPublished, ReferenceChanged, SeatPlan
from shared.service import Service
from tests.bench.client import UNIQUE
from tests.bench.programs import production
from tests.builders import a_meeting, tell
from tests.grounds import migration

SEATS = 100_000
PERSON = {
    "name": "Sam Jansen",
    "email": f"sam.{UNIQUE}@gemeente.example",
    "organisation": "Adviesbureau Voorbeeld",
    "targetGroup": "beleidsmaker",
    "language": "nl",
}


def sign_up_path(meeting_id: str) -> str:
    """Where one signs up for a meeting."""
    return f"/registration/v1/meetings/{meeting_id}/registrations"


def with_meetings(url: str, *ids: str) -> None:
    """Make the tables, and let catalog tell its words and these meetings, with seats for all."""
    migration("registration")(url)
    starts_at = datetime.now(UTC) + timedelta(days=60)
    facts = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=3), "seat_plan": SeatPlan(capacity=SEATS)}
    with registration_on(url) as service:
        for word in DEFAULTS:
            id_ = f"{word.kind}:{word.code}"
            tell(service, ReferenceChanged(id=id_, kind=word.kind, code=word.code, labels=word.labels))
        for id_ in ids:
            tell(service, MeetingPublished(meeting=a_meeting(id=id_, **facts)))


@contextmanager
def registration_on(url: str) -> Iterator[Service]:
    """The service in this process, on that database."""
    service = build(read_settings(production(url)))
    yield service
    service.database.engine.dispose()


def sign_many_up(service: Service, meeting_id: str, count: int, together: int = LARGEST_BATCH) -> None:
    """So many people sign up for a meeting, that many in a transaction."""
    for first in range(0, count, together):
        addresses = [f"sam.{number}@gemeente.example" for number in range(first, min(count, first + together))]
        with service.database.begin() as tx:
            sign_up(tx, meeting_id, [_wish(address) for address in addresses])


def let_it_count(url: str) -> None:
    """As in a database in use: on empty tables PostgreSQL makes plans that read all of them, and keeps those."""
    with asking(url) as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))


def check_kept(url: str, answered: int) -> None:
    """A figure counts only if all that was answered is there, and the counters say the same as the rows."""
    with asking(url) as connection:
        rows = connection.scalar(text("SELECT count(*) FROM registration"))
        counted = connection.scalar(text("SELECT sum(seats_taken) FROM meeting"))
    assert rows == counted >= answered, f"{answered} answered, {rows} rows, {counted} counted"


def check_alike(ours: str, peers: str) -> None:
    """The peer counts only if a sign-up leaves there what it leaves with us: the same columns, the same facts."""
    for table in (registration, history, flow.stream, flow.outbox):
        left, right = _filled(ours, table), _filled(peers, table)
        assert left == right, f"{table.name}: {sorted(left ^ right)} only in one of them"


@contextmanager
def asking(url: str) -> Iterator[Any]:
    """A connection to the database at ``url``, gone with its engine after the block."""
    engine = create_engine(url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _wish(address: str) -> SignUp:
    facts = {"name": PERSON["name"], "organisation": PERSON["organisation"], "target_group": PERSON["targetGroup"]}
    return SignUp(email=address, address_key=address, **facts)  # type: ignore[arg-type]  # texts, all of them


def _filled(url: str, table: Table) -> set[str]:
    """What a row of the table holds; of a payload also what its facts are called."""
    with asking(url) as connection:
        row = connection.execute(select(table).order_by(table.primary_key.columns[0].desc())).mappings().first()
    facts = row["payload"]["registration"] if "payload" in row else {}
    return {name for name, value in row.items() if value is not None} | {*facts}
