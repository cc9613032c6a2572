"""Where organisers act on several meetings at once: those of a series, or any that they choose."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from services.catalog import queries
from services.catalog.actions.attempt_each import Outcome, attempt_each
from services.catalog.actions.cancel_meeting import cancel_meeting
from services.catalog.actions.copy_meeting import copy_series
from services.catalog.actions.publish_meeting import publish_meeting
from services.catalog.forms.copies import SeriesCopyForm
from services.catalog.forms.edit import beside
from services.catalog.forms.flaws import shown
from services.catalog.forms.meetings import LONGEST_REASON, CancellationForm
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.copying import SeriesCopy
from services.catalog.rules.flaws import FlawedError
from services.catalog.rules.history import author_of
from services.catalog.rules.meeting import Meeting
from services.catalog.rules.reach import thing_of
from shared.db.transaction import Database, Transaction
from shared.i18n import gettext as _
from shared.people.roles import may
from shared.web.access import current_actor, permit, verb
from shared.web.forms import Form, read_form
from shared.web.problems import Problem

_MOST_CHOSEN = 200

Page = tuple[str, int] | Response


def several_pages(database: Database, addresses: Addresses) -> Blueprint:
    """``/organise/series`` and what is done to the meetings that were ticked."""
    pages = Blueprint("organise_several", __name__, url_prefix="/organise")

    @pages.get("/series")
    @verb("draft.read")
    def series() -> Page:
        return _series(database, request.args.get("name", ""), Form({"days": "7"}))

    @pages.post("/series/copies")
    @verb("meeting.draft")
    def copy() -> Page:
        name, form = request.form.get("name", ""), read_form(SeriesCopyForm())
        if form.loaded is None:
            return _series(database, name, form, 400)
        plan = SeriesCopy(form.loaded["days"], form.loaded.get("series") or name)
        try:
            with database.begin() as tx:
                found = queries.lock_meetings(tx.session, queries.in_series(name))
                mine = [each for each in found if each.status != "cancelled" and _reaches("meeting.draft", each)]
                if not mine:
                    raise Problem(404, "series-unknown")
                copy_series(tx, mine, plan, author_of(current_actor()), addresses)
        except FlawedError as error:
            return _series(database, name, replace(form, errors=[*shown(error.flaws)]), 400)
        return redirect(url_for("organise_several.series", name=plan.series, done="copied"), 303)

    @pages.post("/chosen/publication")
    @verb("meeting.publish")
    def publish() -> Page:
        by = author_of(current_actor())
        with database.begin() as tx:
            outcomes = _each(tx, "meeting.publish", lambda meeting: publish_meeting(tx, meeting, by, addresses))
        return _result(_("Publish several meetings"), outcomes)

    @pages.post("/chosen/cancellation")
    @verb("meeting.cancel")
    def cancel() -> Page:
        form, by = read_form(CancellationForm()), author_of(current_actor())
        if form.loaded is None or "confirmed" not in request.form:
            return _ask_first(database, form)
        reason = form.loaded["reason"]
        with database.begin() as tx:
            outcomes = _each(tx, "meeting.cancel", lambda meeting: cancel_meeting(tx, meeting, reason, by, addresses))
        return _result(_("Call off several meetings"), outcomes)

    return pages


def _reaches(name: str, meeting: Meeting) -> bool:
    return may(current_actor(), name, thing_of(meeting))


def _series(database: Database, name: str, form: Form, status: int = 200) -> Page:
    """The meetings of a series that the organiser may see. Raises ``Problem`` 404 where there is none."""
    with database.reading() as session:
        found = queries.meetings_where(session, queries.in_series(name))
        mine = [meeting for meeting in found if _reaches("draft.read", meeting)]
        seats = queries.shown_seats(session, [meeting.id for meeting in mine])
    if not mine:
        raise Problem(404, "series-unknown")
    page = render_template(
        "catalog/organise_series.html",
        series=name,
        meetings=mine,
        seats=seats,
        form=form,
        now=database.clock(),
        done=request.args.get("done"),
    )
    return page, status


def _each(tx: Transaction, name: str, act: Callable[[Meeting], Meeting]) -> list[Outcome]:
    """Do ``act`` to every meeting that was ticked. Raises ``Problem`` 403 where one of them is another's."""
    found = queries.lock_meetings(tx.session, queries.with_ids(_chosen()))
    for meeting in found:
        permit(name, thing_of(meeting))
    return attempt_each(tx, found, act)


def _chosen() -> list[str]:
    return request.form.getlist("meeting")[:_MOST_CHOSEN]


def _ask_first(database: Database, form: Form) -> Page:
    """The page that says which meetings are called off and how many people hear of it, and asks why."""
    with database.reading() as session:
        found = queries.meetings_where(session, queries.with_ids(_chosen()))
        mine = [meeting for meeting in found if _reaches("meeting.cancel", meeting) and meeting.status == "published"]
        heard = _who_hear(session, mine)
    page = render_template(
        "catalog/organise_call_off.html", meetings=mine, heard=heard, form=form, longest=LONGEST_REASON
    )
    return page, 400 if form.errors else 200


def _who_hear(session: Session, meetings: Sequence[Meeting]) -> int:
    """How many people have a seat at one of ``meetings`` or wait for one."""
    figures = [queries.signed_up(session, meeting.id) for meeting in meetings]
    return sum(each.venue + each.online + each.waiting for each in figures)


def _result(title: str, outcomes: Sequence[Outcome]) -> Page:
    """What became of each; 400 where nothing could be done at all."""
    rows = [(each, shown(each.flaws)) for each in outcomes]
    nothing = not any(each.result != "refused" for each in outcomes)
    return render_template(
        "catalog/organise_outcomes.html", title=title, rows=rows, beside=beside
    ), 400 if nothing else 200
