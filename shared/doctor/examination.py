"""What every service can be asked: its settings, database, broker, flow of events, address and clock."""

import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path

from sqlalchemy import Connection, func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from shared.bus.broker import Broker, BrokerAwayError
from shared.db.base import FlowTables
from shared.db.migrations import versions
from shared.doctor import databases
from shared.doctor.findings import Finding, ok, warning, wrong
from shared.restoring import inbox_of
from shared.service import Service
from shared.settings import Common
from shared.web.app import settings_of

_PATIENCE = 5.0  # seconds for an answer over the network
_LATE = timedelta(minutes=5)


def examine(service: Service, migrations: Path) -> Iterator[Finding]:
    """Everything, one finding after the other; what is away is found and raises nothing."""
    common = settings_of(service.app)
    yield ok("settings", f"of {service.name} can be read")
    yield from _settings(common)
    yield from _database(service, migrations)
    yield _broker(inbox_of(service).broker)
    yield _address(f"{common.base_url}{service.prefix}/health/ready", is_public=common.is_public)
    yield from _clock()


def _settings(common: Common) -> Iterator[Finding]:
    if common.limits is None:
        yield wrong("LIMITS", "off: nobody is stopped from posting without end", "leave LIMITS out")
    if not common.is_public:
        remedy = "set BASE_URL to the public address: every link in a mail begins with it"
        yield warning("BASE_URL", f"{common.base_url} leads people to their own machine", remedy)
        return
    if common.base_url.startswith("http:"):
        remedy = "let a proxy do TLS in front, and set BASE_URL=https://…"
        yield wrong("BASE_URL", "names and links travel in clear over http", remedy)
    if not common.trusted_proxies:
        remedy = "count the proxies in front in TRUSTED_PROXIES, where there is one"
        yield warning("TRUSTED_PROXIES", "0: behind a proxy all visitors count as one", remedy)
    if common.contact_email == Common.contact_email:
        remedy = "set CONTACT_NAME and CONTACT_EMAIL to the office that answers"
        yield warning("CONTACT_EMAIL", "the statements on the site name an example", remedy)
    if common.examples:
        yield warning("EXAMPLE_DATA", "the data are examples, and the address is public", "leave EXAMPLE_DATA out")


def _database(service: Service, migrations: Path) -> Iterator[Finding]:
    try:
        with service.database.engine.connect() as connection:
            now = service.database.clock()
            if connection.dialect.name == "postgresql":
                yield from databases.postgresql(connection, now)
            else:
                yield from databases.sqlite(connection, Path(str(service.database.engine.url.database)))
            migrated = _migrations(connection, service.name, migrations)
            yield migrated
            if migrated.level == "ok":
                yield from _flow(connection, service.database.flow, now, service.name)
    except (SQLAlchemyError, OSError) as error:
        remedy = "see that the server runs, and that DATABASE_URL names it with the right password"
        yield wrong("database", f"cannot be reached ({type(error).__name__})", remedy)


def _migrations(connection: Connection, name: str, folder: Path) -> Finding:
    newest = versions(folder)[-1]
    there = inspect(connection).has_table("alembic_version")
    version = connection.scalar(text("SELECT version_num FROM alembic_version")) if there else None
    if version == newest:
        return ok("migrations", f"at the newest, {newest}")
    if version and version > newest:
        remedy = "install the newer release again, unless you went back on purpose"
        return warning("migrations", f"{version} is of a newer release than this one", remedy)
    remedy = f"python -m services.{name} migrate"
    return wrong("migrations", f"at {version or 'nothing'}, the newest is {newest}", remedy)


def _flow(connection: Connection, flow: FlowTables, now: datetime, name: str) -> Iterator[Finding]:
    """Whether events go out and come in, and due work is done: what stands still says that a worker does."""
    outbox, inbox, due = flow.outbox.c, flow.inbox.c, flow.due.c
    oldest = connection.scalar(select(func.min(outbox.occurred_at)).where(outbox.published_at.is_(None)))
    yield _in_time("outbox", "an event", oldest, now, f"start python -m services.{name} worker --only relay")
    planned = connection.scalar(select(func.min(due.at)))
    yield _in_time("due work", "something", planned, now, f"start python -m services.{name} worker --only due")
    lost = connection.scalar(select(func.count()).where(inbox.state.in_(("parked", "dead")))) or 0
    if lost:
        remedy = f"python -m services.{name} parked list, and then retry or drop"
        yield warning("inbox", f"{lost} events could not be handled", remedy)


def _in_time(subject: str, what: str, since: datetime | None, now: datetime, remedy: str) -> Finding:
    if since is None or now - since < _LATE:
        return ok(subject, "nothing waits too long")
    return warning(subject, f"{what} waits since {since:%Y-%m-%d %H:%M} UTC", remedy)


def _broker(broker: Broker) -> Finding:
    if broker.is_memory:
        return ok("broker", "none needed: the services share this process")
    try:
        depths = broker.depths()
    except BrokerAwayError as error:
        remedy = "see that it runs, and that BROKER_URL names it with the right password"
        return wrong("broker", f"cannot be reached ({str(error).partition(':')[0]})", remedy)
    if lacking := [name for name, depth in depths.items() if depth is None]:
        remedy = "python -m deploy.broker check says what is lacking, declare mends it"
        return wrong("broker", f"{', '.join(lacking)} cannot be used", remedy)
    return ok("broker", f"its queues are there, with {sum(filter(None, depths.values()))} events waiting")


def _address(url: str, *, is_public: bool) -> Finding:
    """Whether the service answers where people go, by the way that they go."""
    try:
        with urllib.request.urlopen(url, timeout=_PATIENCE) as answer:  # noqa: S310  # BASE_URL is http or https
            status = answer.status
    except urllib.error.HTTPError as error:
        status = error.code
    except OSError as error:
        remedy = "start the web process, and see that the proxy leads there and the name is in the DNS"
        found = wrong if is_public else warning
        return found("address", f"{url} does not answer ({type(error).__name__})", remedy)
    if status == HTTPStatus.OK:
        return ok("address", f"{url} answers")
    return wrong("address", f"{url} answers {status}", "see the log of the web process")


def _clock() -> Iterator[Finding]:
    """Whether this machine follows a time server, as far as it says so."""
    program = shutil.which("timedatectl")
    if program is None:
        return
    words = [program, "show", "--property=NTPSynchronized", "--value"]
    said = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603  # systemd's own, no shell
    if said.stdout.strip() == "no":
        remedy = "timedatectl set-ntp true: offers and reminders go by the clock"
        yield warning("clock", "this machine follows no time server", remedy)
