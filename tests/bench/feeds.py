"""The feed that calendar programs fetch over and over, mostly to hear that nothing changed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path

from deploy import servers
from services.catalog.actions.draft_meeting import draft_meeting
from services.catalog.actions.publish_meeting import publish_meeting
from services.catalog.app import build
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.history import SYSTEM
from services.catalog.rules.meeting import MeetingDetails
from services.catalog.settings import read_settings
from shared.events.catalog import Contact, SeatPlan, Venue
from tests.bench.client import CLIENT_THREADS, CONNECTIONS, get, load
from tests.bench.figures import Row, by_turns, share_of_rate
from tests.bench.programs import WORKERS, production, web
from tests.bench.sizes import Sizes
from tests.grounds import migration

FEED = "/calendar.ics"


def feed_rows(folder: Path, sizes: Sizes) -> Iterator[Row]:
    """The feed unchanged and in full, from catalog as in production."""
    folder.mkdir()
    with servers.own_postgres(folder / "postgresql") as server:
        url = server.make_database("catalog")
        _publish(url, sizes.meetings)
        with web("catalog", folder / "web", url) as port:
            tag, size = _first(port)
            unchanged, full, health = by_turns(
                sizes.rounds,
                lambda: load(port, get(FEED, accept_encoding="gzip", if_none_match=tag), sizes.seconds, 304),
                lambda: load(port, get(FEED, accept_encoding="gzip"), sizes.seconds),
                lambda: load(port, get("/health/live"), sizes.seconds),
            )
    how = f"granian, {WORKERS} workers, PostgreSQL, {CONNECTIONS} connections of {CLIENT_THREADS} client threads"
    of_what = f"{sizes.meetings:,} meetings, {size / 1000:,.0f} kB gzipped"
    yield Row("feed, unchanged (304)", unchanged, f"{of_what}, {how}", share_of_rate(unchanged, health))
    yield Row("feed, in full (200)", full, f"{of_what}, {how}", share_of_rate(full, health))
    yield Row("/health/live of the same web", health, how)


def _publish(url: str, count: int) -> None:
    """So many meetings, one after the other from tomorrow on."""
    migration("catalog")(url)
    settings = read_settings(production(url))
    service, addresses = build(settings), Addresses(settings.common.base_url)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    with service.database.begin() as tx:
        for number in range(count):
            details = _details(number, tomorrow + timedelta(hours=number))
            publish_meeting(tx, draft_meeting(tx, details, SYSTEM, addresses), SYSTEM, addresses)
    service.database.engine.dispose()


def _details(number: int, starts_at: datetime) -> MeetingDetails:
    return MeetingDetails(
        title={"nl": f"Samen circulair inkopen {number}", "en": f"Buying circular together {number}"},
        summary={"nl": "Wat werkt, en wat niet?"},
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=3),
        regions=("PV26",),
        target_groups=("inkoper", "beleidsmaker"),
        themes=("circulair",),
        organiser=Contact(name="Provincie Utrecht", email="mvi@provincie.example"),
        venue=Venue(name="Stadhuis", address="Stadsplateau 1", postal_code="3521 AZ", city="Utrecht"),
        seat_plan=SeatPlan(capacity=40),
    )


def _first(port: int) -> tuple[str, int]:
    """The ETag and the size in bytes of the gzipped feed."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", FEED, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.headers["ETag"], len(body)
