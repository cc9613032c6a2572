"""Manifests, and who signed them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.orm import Session

from services.catalog import tables
from services.catalog.queries import Part
from services.catalog.rules.manifests import Manifest, Signature
from shared.words import folded

_MANIFEST, _SIGNATURE, _REFERENCE = tables.manifest.c, tables.signature.c, tables.reference.c
_KIND = func.coalesce(_REFERENCE.organisation_kind, "other")


@dataclass(frozen=True)
class SignatoryFilter:
    """Which signatories are asked for: those that count on ``day`` (None: all), of these kinds, regions and words."""

    day: date | None
    kinds: Sequence[str] = ()
    regions: Sequence[str] = ()
    words: str = ""


def manifests(session: Session) -> list[Manifest]:
    """All manifests, the newest first."""
    rows = session.execute(select(tables.manifest).order_by(_MANIFEST.starts_on.desc(), _MANIFEST.slug))
    return [_manifest(row) for row in rows]


def manifest_by_slug(session: Session, slug: str) -> Manifest | None:
    """The manifest, or None."""
    row = session.execute(select(tables.manifest).where(_MANIFEST.slug == slug)).one_or_none()
    return _manifest(row) if row else None


def lock_manifest(session: Session, slug: str) -> Manifest | None:
    """The same, locked until the end of the transaction."""
    row = session.execute(select(tables.manifest).where(_MANIFEST.slug == slug).with_for_update()).one_or_none()
    return _manifest(row) if row else None


def manifest_slugs(session: Session) -> set[str]:
    """The slugs that are taken."""
    return set(session.scalars(select(_MANIFEST.slug)))


def all_signatures(session: Session, manifest_id: str) -> dict[str, Signature]:
    """How each organisation signed, also those that withdrew, by signatory (an official code, or a folded name)."""
    columns = [_SIGNATURE[each.name] for each in fields(Signature)]
    rows = session.execute(select(*columns).where(_SIGNATURE.manifest_id == manifest_id))
    return {row.signatory: Signature(**row._mapping) for row in rows}  # noqa: SLF001  # SQLAlchemy's name is public


def signatories(session: Session, manifest_id: str, asked: SignatoryFilter, part: Part) -> Sequence[Row[Any]]:
    """Who signed, by name: a signature with the organisation's ``labels``, ``kind`` and ``region`` (a province)."""
    listed = (
        select(tables.signature, _REFERENCE.labels, _KIND.label("kind"), _REFERENCE.region)
        .outerjoin(
            tables.reference,
            and_(_REFERENCE.kind == "organisation", _REFERENCE.code == _SIGNATURE.organisation),
        )
        .where(_SIGNATURE.manifest_id == manifest_id, *_asked(asked))
        .order_by(_SIGNATURE.search, _SIGNATURE.signatory)
    )
    return session.execute(listed.limit(part.size).offset(part.offset)).all()


def count_of(session: Session, manifest_id: str, day: date) -> int:
    """How many signatures count on ``day``."""
    mine = select(func.count()).select_from(tables.signature).where(_SIGNATURE.manifest_id == manifest_id)
    return session.scalar(mine.where(_counts_on(day))) or 0


def signed_codes(session: Session, day: date, manifest_id: str | None = None) -> set[str]:
    """The official codes of the organisations whose signature counts on ``day``: of one manifest, or of any."""
    found = select(_SIGNATURE.organisation).where(_SIGNATURE.organisation.is_not(None), _counts_on(day))
    if manifest_id:
        found = found.where(_SIGNATURE.manifest_id == manifest_id)
    return {code or "" for code in session.scalars(found)}


def _asked(asked: SignatoryFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        _SIGNATURE.search.contains(word, autoescape=True) for word in folded(asked.words).split()
    ]
    if asked.day is not None:
        conditions.append(_counts_on(asked.day))
    if asked.kinds:
        conditions.append(_KIND.in_(asked.kinds))
    if asked.regions:
        conditions.append(_REFERENCE.region.in_(asked.regions))
    return conditions


def _counts_on(day: date) -> ColumnElement[bool]:
    stands = or_(_SIGNATURE.withdrawn_on.is_(None), _SIGNATURE.withdrawn_on > day)
    return and_(_SIGNATURE.signed_on <= day, stands)


def _manifest(row: Row[Any]) -> Manifest:
    return Manifest(**row._mapping)  # noqa: SLF001  # SQLAlchemy's name for it is public
