"""Venues where meetings are held more often."""

from dataclasses import fields
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.catalog import tables
from services.catalog.rules.venues import KeptVenue
from shared.words import folded

_VENUES = select(*(tables.venue.c[each.name] for each in fields(KeptVenue)))


def venues(session: Session) -> list[KeptVenue]:
    """All of them by their names, also those that are no longer offered."""
    return [KeptVenue(**row._mapping) for row in session.execute(_VENUES.order_by(tables.venue.c.name))]  # noqa: SLF001  # SQLAlchemy's name for it is public


def venue_by_code(session: Session, code: str) -> KeptVenue | None:
    """The venue with this code."""
    row = session.execute(_VENUES.where(tables.venue.c.code == code)).one_or_none()
    return KeptVenue(**row._mapping) if row else None  # noqa: SLF001  # as above


def offered_venues(session: Session, day: date) -> list[KeptVenue]:
    """Those that can be chosen on ``day``."""
    valid_to = tables.venue.c.valid_to
    found = session.execute(_VENUES.where(or_(valid_to.is_(None), valid_to > day)).order_by(tables.venue.c.name))
    return [KeptVenue(**row._mapping) for row in found]  # noqa: SLF001  # as above


def venue_called(session: Session, name: str, day: date) -> KeptVenue | None:
    """The offered venue with this name, in whatever capitals and accents."""
    return next((each for each in offered_venues(session, day) if folded(each.name) == folded(name)), None)
