"""Attendee lists that go out by themselves."""

from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from services.registration.tables import list_delivery
from shared.events.catalog import ListDelivery
from shared.events.contract import schema_of

_DELIVERY = schema_of(ListDelivery)()


def deliveries_of(meeting: Row[Any]) -> list[ListDelivery]:
    """Whom the meeting names, for which lists."""
    return [_DELIVERY.load(each) for each in meeting.facts.get("listDeliveries", ())]


def delivery_by(session: Session, delivery_id: str) -> Row[Any] | None:
    """One list that went out; None for an unknown id."""
    return session.execute(select(list_delivery).where(list_delivery.c.id == delivery_id)).one_or_none()
