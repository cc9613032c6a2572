"""Sign up for more meetings of a series at once: one form, and an answer for each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, render_template, request
from markupsafe import Markup
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.forms.fields import UNKNOWN_GROUP
from services.registration.forms.refusals import why_not
from services.registration.forms.series import ALL, SeriesForm, wishes
from services.registration.forms.sign_up import allow_sign_up
from services.registration.gate import SeatGate
from services.registration.lists.words import group_words
from services.registration.pages.asked import Options, organisation_options, seats_left
from services.registration.pages.waiting import ONLINE, Prospect, prospect
from services.registration.queries.alternatives import coming, public_free
from services.registration.queries.references import groups_of
from services.registration.queries.seats import seats_of
from services.registration.rules.decision import Refused
from services.registration.rules.opening import refuse_now
from services.registration.rules.sign_ups import Answered, GroupUnknown, KeyReused, Outcome
from shared.db.transaction import Database, new_id
from shared.i18n import current_translator, in_words
from shared.i18n import gettext as _
from shared.i18n.moments import span_text
from shared.web.access import verb
from shared.web.forms import Form, filled, read_form
from shared.web.limits import TooMany
from shared.web.look import told
from shared.web.problems import Problem

_KEY = "key"


@dataclass(frozen=True)
class OwnAnswer:
    """What someone is told about one of the meetings: ``answered``, or ``why_not``."""

    title: str
    meeting: Row[Any]
    answered: Answered | None
    prospect: Prospect
    why_not: str


def series_pages(database: Database, gate: SeatGate) -> Blueprint:
    """The form of each series."""
    pages = Blueprint("series", __name__)

    def meetings_of(session: Session, series: str) -> Sequence[Row[Any]]:
        meetings = coming(session, series, database.clock())
        if not meetings:
            raise Problem(404)
        return meetings

    def form_page(session: Session, series: str, form: Form) -> str:
        meetings = meetings_of(session, series)
        groups = groups_of(session, meetings)
        return render_template(
            "registration/series.html",
            series=series,
            form=form,
            key=form.value(_KEY) or new_id(),
            roles=[(code, word) for code, word in group_words(session, *meetings).items() if code in groups],
            organisations=organisation_options(session),
            meetings=_options(meetings, database),
            mixed=any(row.facts["attendanceMode"] == "mixed" for row in meetings),
        )

    @pages.get("/series/<path:series>")
    @verb("page.read")
    def series_form(series: str) -> str:
        with database.reading() as session:
            return form_page(session, series, filled({_KEY: new_id(), "attendance": "venue"}))

    @pages.post("/series/<path:series>")
    @verb("registration.create")
    def sign_up(series: str) -> Any:
        with database.reading() as session:
            meetings = meetings_of(session, series)
            words = group_words(session, *meetings)
            form = read_form(SeriesForm(groups_of(session, meetings), [row.id for row in meetings]))
        try:
            outcomes = _ask(database, gate, series, meetings, form)
        except TooMany as problem:
            form.refuse("", problem.detail)
            with database.reading() as session:
                return form_page(session, series, form), problem.status, problem.headers
        if outcomes is None:
            with database.reading() as session:
                return form_page(session, series, form), 400
        group = form.value("targetGroup")
        answers = [_own_answer(row, outcome, database) for row, outcome in outcomes]
        page = render_template(
            "registration/series_answers.html",
            series=series,
            answers=answers,
            group=words.get(group, group),
            email=form.value("email"),
        )
        return page, 201

    return pages


def _ask(
    database: Database, gate: SeatGate, series: str, meetings: Sequence[Row[Any]], form: Form
) -> list[tuple[Row[Any], Outcome]] | None:
    """Sign up for each chosen meeting; None, with reasons in the form, where a field is not right.

    Raises ``TooMany``.
    """
    if form.loaded is None:
        return None
    is_crowded = allow_sign_up(form.loaded)
    with database.reading() as session:
        asked = wishes(session, meetings, form.loaded, request.form.get(_KEY))
    each = [(row.id, replace(wish, confirm_first=is_crowded)) for row, wish in asked]
    outcomes = gate.sign_up_for_all(series, each)
    return [(row, outcome) for (row, _wish), outcome in zip(asked, outcomes, strict=True)]


def _options(meetings: Sequence[Row[Any]], database: Database) -> Options:
    """All meetings with their seats, or why nobody can sign up now; and all of them at once."""
    return [(ALL, _("All of these meetings")), *((row.id, _line(row, database)) for row in meetings)]


def _line(row: Row[Any], database: Database) -> Markup:
    when = span_text(row.starts_at, row.ends_at, current_translator().language, zone=row.time_zone)
    town = (row.facts["venue"] or {}).get("city", "")
    refused = refuse_now(seats_of(row).opening, database.clock())
    left = why_not(refused) if refused else seats_left(public_free(row, row.figures, None, database.clock()))
    where = Markup(", ").join(text for text in (told(row.title), town, when) if text)
    return Markup("{}: {}").format(where, left)


def _own_answer(row: Row[Any], outcome: Outcome, database: Database) -> OwnAnswer:
    answered = outcome if isinstance(outcome, Answered) else None
    waits = answered is not None and answered.place_in_group is not None
    return OwnAnswer(
        title=in_words(row.title),
        meeting=row,
        answered=answered,
        prospect=prospect(row, database.clock()) if waits else ONLINE,
        why_not=_why_not(outcome),
    )


def _why_not(outcome: Outcome) -> str:
    match outcome:
        case Answered():
            return ""
        case GroupUnknown():
            return _(UNKNOWN_GROUP)
        case KeyReused():
            return _("You sent this form before, with other details. Nothing has changed here.")
        case Refused():
            return why_not(outcome)
