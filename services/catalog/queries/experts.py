"""Who helps with what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from services.catalog import tables
from services.catalog.queries import listed
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


def hours_of(session: Session, found: Iterable[Expert], now: datetime) -> Mapping[str, Any]:
    """The meetings at which one can ask these experts and that are still to come at ``now`` (aware), by id."""
    meeting = tables.meeting.c
    ids = {meeting_id for expert in found for meeting_id in expert.meetings}
    ahead = (meeting.id.in_(ids), listed(), meeting.status == "published", meeting.starts_at > now)
    shown = (meeting.id, meeting.slug, meeting.title, meeting.starts_at, meeting.ends_at, meeting.time_zone)
    rows = session.execute(select(*shown).where(*ahead)).all()
    return {row.id: row for row in rows}


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
    return Expert(**{**row._mapping, "themes": tuple(row.themes), "meetings": tuple(row.meetings)})  # noqa: SLF001  # SQLAlchemy's name for it is public
