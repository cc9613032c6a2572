"""People with a role, and their keys."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from services.registration.tables import grants, issued_key, issuer_person, issuer_session, meeting, organiser
from shared.people.grants import secret_hash


def organisers_called(session: Session, ids: Collection[str]) -> Mapping[str, str]:
    """What organisers are known by: their address, their name at an identity provider, or the name of their key."""
    people = select(organiser.c.id, organiser.c.email).where(organiser.c.id.in_(list(ids)))
    elsewhere = select(issuer_person.c.id, issuer_person.c.known_as).where(issuer_person.c.id.in_(list(ids)))
    programs = select(issued_key.c.id, issued_key.c.name).where(issued_key.c.id.in_(list(ids)), issued_key.c.name != "")
    return {row[0]: row[1] for each in (people, elsewhere, programs) for row in session.execute(each)}


def organiser_with(session: Session, address_key: str) -> Row[Any] | None:
    """The person with a role behind this address."""
    return session.execute(select(organiser).where(organiser.c.address_key == address_key)).one_or_none()


def organiser_by(session: Session, person_id: str) -> Row[Any] | None:
    """The person with this id who was given a role here."""
    return session.execute(select(organiser).where(organiser.c.id == person_id)).one_or_none()


def people_with_a_role(session: Session) -> Sequence[Row[Any]]:
    """Everyone who was given a role here and signs in by mail."""
    return session.execute(select(organiser).order_by(organiser.c.email, organiser.c.id)).all()


def people_from_issuers(session: Session) -> Sequence[Row[Any]]:
    """Everyone who has a role because an identity provider said so when they signed in last."""
    return session.execute(select(issuer_person).order_by(issuer_person.c.known_as, issuer_person.c.id)).all()


def doors_with_helpers(session: Session, now: datetime) -> Sequence[Any]:
    """The meetings with a link for helpers that works at ``now`` (aware), the next one first, and until when."""
    links = (grants.c.role == "helper", grants.c.kind == "key", ~grants.c.revoked, grants.c.valid_until > now)
    open_doors = (
        select(meeting.c.slug, meeting.c.title, meeting.c.starts_at, func.max(grants.c.valid_until).label("until"))
        .join(grants, grants.c.meeting_id == meeting.c.id)
        .where(*links)
        .group_by(meeting.c.id)
    )
    return session.execute(open_doors.order_by(meeting.c.starts_at, meeting.c.id)).all()


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


def issuer_of_session(session: Session, secret: str) -> str | None:
    """The identity provider where somebody signed in who has this session, by its address in tokens; None: by mail."""
    its = (grants.c.secret_hash == secret_hash(secret), issuer_session.c.grant_id == grants.c.id)
    return session.scalar(select(issuer_session.c.issuer).where(*its))


def open_sessions(session: Session, now: datetime, person_id: str | None = None) -> Sequence[Any]:
    """Where organisers are signed in at ``now`` (aware), or one of them, the newest first."""
    current = [grants.c.kind == "session", ~grants.c.revoked, grants.c.valid_until > now]
    if person_id:
        current.append(grants.c.person_id == person_id)
    columns = (grants.c.id, grants.c.person_id, grants.c.role, grants.c.valid_until)
    return session.execute(select(*columns).where(*current).order_by(grants.c.id.desc())).all()
