"""A catalogue with as many meetings as are asked for: some published as organisers do, the others copies of those."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from services.catalog.actions.draft_meeting import draft_meeting
from services.catalog.actions.publish_meeting import publish_meeting
from services.catalog.app import build
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.history import SYSTEM
from services.catalog.rules.meeting import MeetingDetails
from services.catalog.settings import read_settings
from shared.events.catalog import Contact, SeatPlan, Venue
from shared.service import Service
from tests.bench.programs import production
from tests.grounds import migration

_PUBLISHED = 100
_PROVINCES = 12

_COPIES = (
    """
    INSERT INTO meeting SELECT (jsonb_populate_record(m, jsonb_build_object(
        'id', md5(m.id || n)::uuid::text, 'slug', m.slug || '-' || n,
        'starts_at', m.starts_at + n * :pause, 'ends_at', m.ends_at + n * :pause))).*
    FROM meeting AS m, generate_series(1, :copies) AS n
    """,
    """
    INSERT INTO meeting_word SELECT md5(w.meeting_id || n)::uuid::text, w.kind, w.code, w.position
    FROM meeting_word AS w, generate_series(1, :copies) AS n
    """,
    """
    INSERT INTO search_text (kind, id, language, title, body)
    SELECT t.kind, md5(t.id || n)::uuid::text, t.language, t.title || ' ' || n, t.body
    FROM search_text AS t, generate_series(1, :copies) AS n
    """,
    """
    INSERT INTO kept_entry (meeting_id, language, body, atom, version)
    SELECT id, e.language, convert_to(replace(convert_from(e.body, 'UTF8'), e.meeting_id, id), 'UTF8'),
           convert_to(replace(convert_from(e.atom, 'UTF8'), e.meeting_id, id), 'UTF8'), e.version
    FROM kept_entry AS e, generate_series(1, :copies) AS n,
         LATERAL (SELECT md5(e.meeting_id || n)::uuid::text AS id) AS copy
    """,
    "ANALYZE",
)


def fill(url: str, count: int, within: timedelta = timedelta(days=500)) -> Service:
    """The catalog of the PostgreSQL database at ``url``, with ``count`` public meetings from tomorrow on.

    Gives the service; whoever asks for it disposes of its engine.
    """
    migration("catalog")(url)
    settings = read_settings(production(url))
    service, addresses = build(settings), Addresses(settings.common.base_url)
    tomorrow, published = datetime.now(UTC) + timedelta(days=1), min(count, _PUBLISHED)
    pause = within / count
    with service.database.begin() as tx:
        for number in range(published):
            details = _details(number, tomorrow + number * pause)
            publish_meeting(tx, draft_meeting(tx, details, SYSTEM, addresses), SYSTEM, addresses)
    given = {"copies": count // published - 1, "pause": published * pause}
    with service.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in _COPIES:
            connection.execute(text(statement), given)
    return service


def _details(number: int, starts_at: datetime) -> MeetingDetails:
    return MeetingDetails(
        title={"nl": f"Samen circulair inkopen {number}", "en": f"Buying circular together {number}"},
        summary={"nl": "Wat werkt, en wat niet?", "en": "What works, and what does not?"},
        description={
            "nl": f"Praktijk uit {number + 2} gemeenten, met ruimte voor vragen en een wandeling langs de weg."
        },
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=3),
        regions=(f"PV{20 + number % _PROVINCES}",),
        target_groups=("inkoper", "beleidsmaker"),
        themes=("circulair",),
        organiser=Contact(name="Provincie Utrecht", email="mvi@provincie.example"),
        venue=Venue(name="Stadhuis", address=f"Stadsplateau {number}", postal_code="3521 AZ", city="Utrecht"),
        seat_plan=SeatPlan(capacity=40),
    )
