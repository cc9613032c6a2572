"""Who helps with what."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from services.catalog import tables
from services.catalog.queries.merged import kin_of
from services.catalog.rules.experts import Expert
from shared.words import folded

_COLUMNS = [tables.expert.c[each.name] for each in fields(Expert)]


def experts(session: Session, themes: Sequence[str] = ()) -> list[Expert]:
    """All of them by name, or those who help with one of ``themes``."""
    found = [_expert(row) for row in session.execute(select(*_COLUMNS))]
    asked = set(kin_of(session, "theme", themes))
    wanted = [expert for expert in found if not asked or not asked.isdisjoint(expert.themes)]
    return sorted(wanted, key=lambda expert: (folded(expert.name), expert.id))


def expert_by_id(session: Session, expert_id: str) -> Expert | None:
    """The expert, or None."""
    row = session.execute(select(*_COLUMNS).where(tables.expert.c.id == expert_id)).one_or_none()
    return _expert(row) if row else None


def lock_expert(session: Session, expert_id: str) -> Expert | None:
    """The expert, locked until the end of the transaction, or None."""
    statement = select(*_COLUMNS).where(tables.expert.c.id == expert_id).with_for_update()
    row = session.execute(statement).one_or_none()
    return _expert(row) if row else None


def _expert(row: Row[Any]) -> Expert:
    return Expert(**{**row._mapping, "themes": tuple(row.themes)})  # noqa: SLF001  # SQLAlchemy's name for it is public
