"""Where organisers see a series as a whole, and copy it."""

from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.catalog import queries
from services.catalog.actions.copy_meeting import copy_series
from services.catalog.forms.copies import SeriesCopyForm
from services.catalog.forms.flaws import shown
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.copying import SeriesCopy
from services.catalog.rules.flaws import FlawedError
from services.catalog.rules.history import author_of
from services.catalog.rules.reach import reached
from shared.db.transaction import Database
from shared.web.access import current_actor, verb
from shared.web.forms import Form, read_form
from shared.web.problems import Problem

Page = tuple[str, int] | Response


def series_pages(database: Database, addresses: Addresses) -> Blueprint:
    """``/organise/series``."""
    pages = Blueprint("organise_series", __name__, url_prefix="/organise/series")

    @pages.get("")
    @verb("draft.read")
    def series() -> Page:
        return _series(database, request.args.get("name", ""), Form({"days": "7"}))

    @pages.post("/copies")
    @verb("meeting.draft")
    def copy() -> Page:
        name, form = request.form.get("name", ""), read_form(SeriesCopyForm())
        if form.loaded is None:
            return _series(database, name, form, 400)
        plan = SeriesCopy(form.loaded["days"], form.loaded.get("series") or name)
        try:
            with database.begin() as tx:
                found = queries.lock_meetings(tx.session, queries.in_series(name))
                mine = [each for each in reached(current_actor(), "meeting.draft", found) if each.status != "cancelled"]
                if not mine:
                    raise Problem(404, "series-unknown")
                copy_series(tx, mine, plan, author_of(current_actor()), addresses)
        except FlawedError as error:
            return _series(database, name, replace(form, errors=[*shown(error.flaws)]), 400)
        return redirect(url_for("organise_series.series", name=plan.series, done="copied"), 303)

    return pages


def _series(database: Database, name: str, form: Form, status: int = 200) -> Page:
    """The meetings of a series that the organiser may see. Raises ``Problem`` 404 where there is none."""
    with database.reading() as session:
        found = queries.meetings_where(session, queries.in_series(name))
        mine = reached(current_actor(), "draft.read", found)
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
