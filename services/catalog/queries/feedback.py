"""What visitors think of pages, and who may be approached for research."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from services.catalog import tables
from services.catalog.rules.feedback import Opinions

_OPINION, _CONTACT = tables.opinion.c, tables.research_contact.c


def opinions_per_page(session: Session, most: int) -> list[Opinions]:
    """How many were satisfied with each page; first the ``most`` pages with which most people were not."""
    unsatisfied = func.count().filter(~_OPINION.satisfied)
    counted = select(_OPINION.page, func.count().filter(_OPINION.satisfied), unsatisfied).group_by(_OPINION.page)
    return [Opinions(*row) for row in session.execute(counted.order_by(unsatisfied.desc(), _OPINION.page).limit(most))]


def opinions_per_day(session: Session, page: str) -> Sequence[tuple[date, bool, int]]:
    """How many were satisfied (true) with a page and how many were not, on each day."""
    counted = select(_OPINION.given_on, _OPINION.satisfied, func.count()).where(_OPINION.page == page)
    rows = session.execute(counted.group_by(_OPINION.given_on, _OPINION.satisfied))
    return [(day, satisfied, number) for day, satisfied, number in rows]


def words_about(session: Session, page: str, most: int) -> Sequence[Row[Any]]:
    """What was written about a page, at most so many of the latest, with whether they were satisfied and the day."""
    written: Select[Any] = select(_OPINION.words, _OPINION.satisfied, _OPINION.given_on)
    written = written.where(_OPINION.page == page, _OPINION.words != "")
    return session.execute(written.order_by(_OPINION.given_on.desc(), _OPINION.id).limit(most)).all()


def research_contacts(session: Session) -> Sequence[Row[Any]]:
    """Who may be approached for research."""
    return session.execute(select(tables.research_contact).order_by(_CONTACT.email)).all()


def count_contacts(session: Session) -> int:
    """How many that are."""
    return session.scalar(select(func.count()).select_from(tables.research_contact)) or 0
