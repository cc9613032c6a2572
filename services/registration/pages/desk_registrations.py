"""The registrations of a meeting at the desk: all of them, or those that one looks for."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.forms.desk import FoundQuery
from services.registration.lists.words import STATUSES, group_words, spoken
from services.registration.pages.meetings import desk_of, organisers_meeting
from services.registration.queries.attention import REACHABLE, has_unanswered
from services.registration.queries.registrations import registrations
from services.registration.queries.seats import seats_of
from services.registration.queries.waiting import all_places
from shared.db.transaction import Database
from shared.web.access import verb
from shared.web.forms import read_question
from shared.web.record import on_record

_A_PAGE = 100


def desk_registrations_pages(database: Database) -> Blueprint:
    """The list of registrations, by status, role and text."""
    pages = Blueprint("desk_registrations", __name__)

    @pages.get("/desk/<slug>/registrations")
    @on_record("registrations.read")
    @verb("desk.read")
    def found(slug: str) -> tuple[str, int]:
        with database.reading() as session:
            return _list(session, organisers_meeting(session, slug, "desk.read"))

    return pages


def _list(session: Session, meeting: Row[Any]) -> tuple[str, int]:
    """The registrations that the query asks for, a page of them at a time."""
    form = read_question(FoundQuery())
    found, number = _found(session, meeting, form.loaded or {})
    rows = found[(number - 1) * _A_PAGE : number * _A_PAGE]
    more = {**request.args, "page": number + 1} if len(found) > number * _A_PAGE else None
    shown = render_template(
        "registration/desk_registrations.html",
        **desk_of(meeting),
        form=form,
        rows=rows,
        count=len(found),
        more=more,
        places=all_places(session, meeting.id),
        words=group_words(session, meeting),
        statuses=list(spoken(STATUSES).items()),
    )
    return shown, 400 if form.errors else 200


def _found(session: Session, meeting: Row[Any], asked: Mapping[str, Any]) -> tuple[Sequence[Row[Any]], int]:
    """All that fit, none where the query is not right, and the number of the page to show."""
    if not asked:
        return [], 1
    rows = registrations(
        session,
        meeting.id,
        statuses=[asked["status"]] if asked["status"] else (),
        groups=[asked["target_group"]] if asked["target_group"] else (),
        text=asked["q"],
    )
    return _of_concern(rows, meeting, asked["concern"]), asked["page"]


def _of_concern(rows: Sequence[Row[Any]], meeting: Row[Any], concern: str) -> Sequence[Row[Any]]:
    """Those of the rows that the desk is concerned about in this way; without a concern all."""
    match concern:
        case "unanswered":
            seats = seats_of(meeting)
            seated = (row for row in rows if row.status in ("confirmed", "offered") and row.kind == "participant")
            return [row for row in seated if has_unanswered(seats, row.target_group, row.answers)]
        case "mail-lost":
            return [row for row in rows if row.mail_lost_since and row.status in REACHABLE]
        case _:
            return rows
