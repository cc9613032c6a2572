"""Catalog's words: target groups, organisations, and whose people write from which domain."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from services.registration.tables import mail_domain, organisation_name, reference

_KNOWN_GROUPS = select(reference.c.code).where(reference.c.kind == "target-group")


def references(session: Session, kind: str) -> Sequence[Row[Any]]:
    """All codes of one kind (``target-group``, ``organisation``, ``region``), in catalog's order."""
    of_kind = select(reference).where(reference.c.kind == kind)
    return session.execute(of_kind.order_by(reference.c.position, reference.c.code)).all()


def organisation_kinds(session: Session) -> Mapping[str, str]:
    """What kind of organisation each one is whose kind we know, by official address."""
    kinds = select(reference.c.code, reference.c.organisation_kind)
    known = kinds.where(reference.c.kind == "organisation", reference.c.organisation_kind.is_not(None))
    return {row[0]: row[1] for row in session.execute(known)}


def groups_of(session: Session, meetings: Sequence[Row[Any]]) -> frozenset[str]:
    """The codes of the target groups that the network uses, and of those that these meetings name."""
    return known_groups(session) | {group["code"] for row in meetings for group in row.target_groups}


def known_groups(session: Session) -> frozenset[str]:
    """The codes of all target groups the network uses."""
    return frozenset(session.scalars(_KNOWN_GROUPS))


def organisation_names(session: Session) -> Sequence[dict[str, str]]:
    """The labels of all organisations that are still there, in catalog's order."""
    there = reference.c.valid_to.is_(None) | (reference.c.valid_to > func.current_date())
    named = select(reference.c.labels).where(reference.c.kind == "organisation", there)
    return session.scalars(named.order_by(reference.c.position, reference.c.code)).all()


def region_of(session: Session, organisation_id: str) -> str | None:
    """The region that an organisation lies in, if we know it."""
    mine = (reference.c.kind == "organisation", reference.c.code == organisation_id)
    return session.scalar(select(reference.c.region).where(*mine))


Workplace: TypeAlias = tuple[str, str | None]
"""Where someone works: its name, and its official address if it is one that we know."""


def workplace(session: Session, named: str, address_key: str | None) -> Workplace:
    """Where someone works: its name, and its official address if it is one that we know.

    That is the organisation that was ``named``, by its official address or exactly its name in either language; where
    none was, the one whose people write from the domain of the mail address.
    """
    found = _organisation_called(session, named) if named else _organisation_of(session, address_key)
    if found is None:
        return named, None
    return found.labels.get("nl") or next(iter(found.labels.values())), found.code


def _organisation_called(session: Session, text: str) -> Row[Any] | None:
    found = _organisations().join(organisation_name, organisation_name.c.organisation_id == reference.c.code)
    return session.execute(found.where(organisation_name.c.name == text.casefold()).limit(1)).first()


def _organisation_of(session: Session, address_key: str | None) -> Row[Any] | None:
    code = organisation_of_domain(session, address_key) if address_key else None
    return session.execute(_organisations().where(reference.c.code == code)).first() if code else None


def _organisations() -> Select[Any]:
    """Organisations, first those that are still there."""
    organisations = select(reference).where(reference.c.kind == "organisation")
    return organisations.order_by(reference.c.valid_to.is_not(None), reference.c.position, reference.c.code)


def organisation_of_domain(session: Session, address_key: str) -> str | None:
    """The official address of the organisation whose people write from the domain of this address, or a parent."""
    labels = address_key.rpartition("@")[2].split(".")
    domains = [".".join(labels[start:]) for start in range(len(labels) - 1)]
    rows = session.execute(select(mail_domain).where(mail_domain.c.domain.in_(domains))).all()
    longest = max(rows, key=lambda row: len(row.domain), default=None)
    return longest.organisation_id if longest else None
