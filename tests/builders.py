"""Facts with good defaults, and the way to tell a service about them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from shared.bus.inbox import Inbox
from shared.db.base import FlowTables
from shared.db.transaction import Database, new_id
from shared.events.catalog import Contact, Label, Meeting, SeatPlan, Venue
from shared.events.contract import contract_of
from shared.events.envelope import Envelope, seal
from shared.events.registration import Person, Registration
from shared.service import Service

NOON = datetime(2027, 6, 10, 12, 0, tzinfo=UTC)
"""A moment, when nothing hangs on which."""

UTRECHT = Label(code="PV26", labels={"nl": "Utrecht", "en": "Utrecht"})
POLICY = Label(code="beleidsmaker", labels={"nl": "Beleidsmakers", "en": "Policy makers"})


def a_meeting(**changes: Any) -> Meeting:
    """A published meeting in Utrecht with twenty seats, on 10 June 2027 from 14.00 to 17.00; with ``changes``."""
    id_ = changes.pop("id", None) or new_id()
    facts: dict[str, Any] = {
        "id": id_,
        "slug": f"meeting-{id_}",
        "url": f"http://127.0.0.1:8000/meetings/meeting-{id_}",
        "title": {"nl": "Samen duurzaam inkopen", "en": "Buying sustainably together"},
        "starts_at": NOON,
        "ends_at": NOON + timedelta(hours=3),
        "time_zone": "Europe/Amsterdam",
        "status": "published",
        "revision": 1,
        "regions": (UTRECHT,),
        "target_groups": (POLICY,),
        "seat_plan": SeatPlan(capacity=20),
        "organiser": Contact(name="Noor de Vries", email="noor@kring.example"),
        "created_at": NOON - timedelta(days=60),
        "changed_at": NOON - timedelta(days=60),
        "venue": Venue(name="Stadhuis", address="Stadsplateau 1", postal_code="3521 AZ", city="Utrecht"),
    }
    return Meeting(**{**facts, **changes})


def a_person(**changes: Any) -> Person:
    """Sam Jansen, who reads Dutch; with ``changes``."""
    return replace(Person(name="Sam Jansen", email="sam@gemeente.example"), **changes)


def a_registration(**changes: Any) -> Registration:
    """A confirmed registration of Sam Jansen, of an unknown meeting unless ``meeting_id`` says; with ``changes``."""
    facts: dict[str, Any] = {
        "id": new_id(),
        "meeting_id": new_id(),
        "meeting_revision": 1,
        "person": a_person(),
        "target_group": POLICY.code,
        "status": "confirmed",
        "cause": "participant",
        "link_version": 1,
        "organisation": "Gemeente Voorbeeld",
        "asked_at": NOON - timedelta(days=30),
    }
    return Registration(**{**facts, **changes})


def sealed(  # noqa: PLR0913  # the attributes of a CloudEvent that tests play with
    event: object,
    version: int = 1,
    *,
    publisher: str | None = None,
    id: str | None = None,  # noqa: A002  # what it is called on the wire
    epoch: int = 1,
    correlation_id: str = "a-story",
) -> bytes:
    """``event`` as its publisher sends it, as number ``version`` of its stream."""
    contract = contract_of(event)
    return seal(
        Envelope(
            id=id or new_id(),
            publisher=publisher or contract.publishers[0],
            type=contract.name,
            type_version=contract.version,
            aggregate=contract.aggregate,
            aggregate_id=contract.aggregate_id(event),
            version=version,
            epoch=epoch,
            occurred_at=NOON,
            correlation_id=correlation_id,
            data=contract.dump(event),
        )
    )


def tell(service: Service, event: object, version: int | None = None, publisher: str | None = None) -> str:
    """Hand ``event`` to the inbox of ``service``, as the next of its stream or as number ``version``.

    Gives what became of it: ``done``, ``waiting`` or ``gap``. Raises ``AssertionError`` where it was not understood
    or its handler failed.
    """
    contract = contract_of(event)
    publisher = publisher or contract.publishers[0]
    id_ = new_id()
    if version is None:
        version = _seen(service.database, publisher, contract.aggregate, contract.aggregate_id(event)) + 1
    inbox = service.worker.part("inbox")
    assert isinstance(inbox, Inbox)
    inbox.take([sealed(event, version, publisher=publisher, id=id_)], publisher)
    state, error = became(service.database, id_)
    assert state in ("done", "waiting", "gap"), f"{contract.name} is {state}: {error}"
    return state


def became(database: Database, event_id: str) -> tuple[str, str | None]:
    """What became of an event in an inbox: its state, and its error if any."""
    with database.reading() as session:
        row = session.execute(_what_became(database.flow), {"event_id": event_id}).one()
    return row.state, row.error


@cache  # told thousands of times, and making a statement takes as long as running it
def _what_became(flow: FlowTables) -> Select[Any]:
    inbox = flow.inbox.c
    return select(inbox.state, inbox.error).where(inbox.id == bindparam("event_id"))


def _seen(database: Database, publisher: str, aggregate: str, aggregate_id: str) -> int:
    mine = {"publisher": publisher, "aggregate": aggregate, "aggregate_id": aggregate_id}
    with database.reading() as session:
        return session.scalar(_last_seen(database.flow), mine) or 0


@cache  # as above
def _last_seen(flow: FlowTables) -> Select[Any]:
    seen = flow.seen.c
    return select(seen.version).where(
        *(seen[name] == bindparam(name) for name in ("publisher", "aggregate", "aggregate_id"))
    )
