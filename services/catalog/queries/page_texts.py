"""The programme's own texts."""

from dataclasses import fields
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from services.catalog import tables
from services.catalog.queries import lock_catalogue
from services.catalog.rules.page_texts import BEGINNINGS, NAMES, Name, PageText

_COLUMNS = [tables.page_text.c[each.name] for each in fields(PageText)]


def page_text(session: Session, name: Name) -> PageText:
    """The text as editors made it, else as it began."""
    return _found(session, name, select(*_COLUMNS))


def lock_page_text(session: Session, name: Name) -> PageText:
    """The same; until the end of the transaction no other editor may change it.

    A text that nobody changed before has no row of its own, so the one of the catalogue is locked.
    """
    lock_catalogue(session)
    return _found(session, name, select(*_COLUMNS))


def page_texts(session: Session) -> list[PageText]:
    """All of them."""
    return [page_text(session, name) for name in NAMES]


def _found(session: Session, name: Name, statement: Select[Any]) -> PageText:
    row = session.execute(statement.where(tables.page_text.c.name == name)).one_or_none()
    return PageText(**row._mapping) if row else BEGINNINGS[name]  # noqa: SLF001  # SQLAlchemy's name for it is public
