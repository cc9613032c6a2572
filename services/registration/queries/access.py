"""People with a role, and their keys."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from services.registration.tables import grants, issued_key, organiser


def organisers_called(session: Session, ids: Collection[str]) -> Mapping[str, str]:
    """What organisers are known by: their address, or the name of their key."""
    people = select(organiser.c.id, organiser.c.email).where(organiser.c.id.in_(list(ids)))
    programs = select(issued_key.c.id, issued_key.c.name).where(issued_key.c.id.in_(list(ids)), issued_key.c.name != "")
    return {row[0]: row[1] for each in (people, programs) for row in session.execute(each)}


def organiser_with(session: Session, address_key: str) -> Row[Any] | None:
    """The person with a role behind this address."""
    return session.execute(select(organiser).where(organiser.c.address_key == address_key)).one_or_none()


def first_manager(session: Session) -> str | None:
    """The id of the person who was made a manager first."""
    managers = select(organiser.c.id).where(organiser.c.role == "manager")
    return session.scalar(managers.order_by(organiser.c.created_at, organiser.c.id).limit(1))


def keys(session: Session) -> Sequence[Any]:
    """The organisers' keys that still open something, the newest first."""
    bounds = (grants.c.role, grants.c.regions, grants.c.scopes)
    found = (
        select(grants.c.id, *bounds, issued_key.c.name, issued_key.c.issued_at)
        .join(issued_key, issued_key.c.id == grants.c.id)
        .where(~grants.c.revoked)
    )
    return session.execute(found.order_by(issued_key.c.issued_at.desc(), grants.c.id)).all()
