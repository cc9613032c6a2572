"""What links elsewhere were found to be."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from services.catalog import tables
from services.catalog.rules.links import CheckedLink

_COLUMNS = [tables.checked_link.c[each.name] for each in fields(CheckedLink)]


def checked_links(session: Session, urls: Sequence[str]) -> dict[str, CheckedLink]:
    """What was found at those of ``urls`` that were looked at."""
    found = session.execute(select(*_COLUMNS).where(tables.checked_link.c.url.in_(urls)))
    return {row.url: CheckedLink(**row._mapping) for row in found}  # noqa: SLF001  # SQLAlchemy's name for it is public


def texts_with_links(session: Session) -> Sequence[Row[Any, Any, Any, Any]]:
    """``id``, ``title``, ``url`` and ``body`` of all knowledge, drafts too."""
    item = tables.knowledge_item.c
    return session.execute(select(item.id, item.title, item.url, item.body).order_by(item.id)).all()


def meetings_with_documents(session: Session) -> Sequence[Row[Any, Any, Any]]:
    """``id``, ``title`` and ``documents`` of all meetings that have such."""
    meeting = tables.meeting.c
    found = session.execute(select(meeting.id, meeting.title, meeting.documents).order_by(meeting.id)).all()
    return [row for row in found if row.documents]
