"""Looking for people among the profiles that were opened to who looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Text, cast, func, or_, select
from sqlalchemy.orm import Session

from services.registration.queries.network import met, visible_profiles
from services.registration.rules.shared_words import looked_for, looked_for_in_offer
from services.registration.tables import profile

A_PAGE = 20
"""How many people one page of the directory shows."""

_MOST_COMPARED = 2_000


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Whom someone looks for; what is left empty does not matter.

    ``words`` stand anywhere in the profile, ``offer`` in what people can help with; ``target_group``, ``region`` and
    ``theme`` are codes; ``meeting_id`` is of a meeting at which both were.
    """

    words: str = ""
    offer: str = ""
    target_group: str = ""
    region: str = ""
    theme: str = ""
    meeting_id: str = ""


def directory(session: Session, viewer: Row[Any], wanted: Wanted, number: int) -> tuple[Sequence[Row[Any]], int]:
    """Page ``number`` (from 1) of the people who were found, by name, and how many there are in all."""
    found = visible_profiles(viewer).where(*_fits(viewer, wanted))
    count = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    by_name = found.order_by(profile.c.words, profile.c.id)  # the name comes first there, without accents
    return session.execute(by_name.offset((number - 1) * A_PAGE).limit(A_PAGE)).all(), count


def with_an_offer(session: Session, viewer: Row[Any]) -> Sequence[Row[Any]]:
    """Who was opened to ``viewer`` and says what they can help with; of very many, those who said it last."""
    offering = visible_profiles(viewer).where(profile.c.can_help_with != "")
    return session.execute(offering.order_by(profile.c.changed_at.desc()).limit(_MOST_COMPARED)).all()


def _fits(viewer: Row[Any], wanted: Wanted) -> list[ColumnElement[bool]]:
    patterns = looked_for(wanted.words) + looked_for_in_offer(wanted.offer)
    fits: list[ColumnElement[bool]] = [or_(*(profile.c.words.like(each) for each in forms)) for forms in patterns]
    if wanted.target_group:
        fits.append(profile.c.target_group == wanted.target_group)
    if wanted.region:
        fits.append(profile.c.region == wanted.region)
    if wanted.theme:
        fits.append(cast(profile.c.themes, Text).contains(f'"{wanted.theme}"', autoescape=True))
    if wanted.meeting_id:
        fits.append(met(viewer, wanted.meeting_id))
    return fits
