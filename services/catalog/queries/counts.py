"""How many meetings there would be: for who finds none, and wants to know what to ask instead."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from services.catalog import tables
from services.catalog.queries import MEETING, fitting
from services.catalog.queries.merged import widened
from services.catalog.queries.search import hits
from services.catalog.rules.filters import Filters


def count_meetings(session: Session, filters: Filters, *conditions: ColumnElement[bool]) -> int:
    """How many meetings fit the filters and the conditions."""
    statement = select(func.count()).select_from(tables.meeting)
    return session.scalar(_narrowed(session, statement, filters, conditions)) or 0


def count_by_region(
    session: Session, filters: Filters, regions: Sequence[str], *conditions: ColumnElement[bool]
) -> dict[str, int]:
    """The same for each of these ``regions`` that has any; what ``filters`` say of regions does not count."""
    words = tables.meeting_word.alias()  # the filters ask for words of their own
    word = words.c
    statement = (
        select(word.code, func.count())
        .join_from(tables.meeting, words, word.meeting_id == tables.meeting.c.id)
        .where(word.kind == "region", word.code.in_(regions))
        .group_by(word.code)
    )
    rows = session.execute(_narrowed(session, statement, filters.without("region"), conditions))
    return {code: number for code, number in rows}  # noqa: C416  # rows are not pairs to the type checker


def _narrowed(
    session: Session, statement: Select[Any], filters: Filters, conditions: Sequence[ColumnElement[bool]]
) -> Select[Any]:
    if filters.words:
        found = hits(session, filters.words, MEETING)
        statement = statement.join(found, found.c.id == tables.meeting.c.id)
    return statement.where(*fitting(widened(session, filters)), *conditions)
