"""Where organisers copy a meeting: to another moment, or at once to several regions, as one series."""

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from services.catalog import queries
from services.catalog.actions.copy_meeting import copy_meeting
from services.catalog.forms.copy_rows import MOST, ROWS, CopiesForm, numbered, read_copies
from services.catalog.forms.flaws import shown
from services.catalog.forms.rows import rows_of
from services.catalog.queries.words import offered
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.days import home_day
from services.catalog.rules.flaws import Flaw, FlawedError
from services.catalog.rules.history import author_of
from services.catalog.rules.meeting import Meeting, MeetingDetails
from services.catalog.rules.reach import thing_of
from shared.db.transaction import Database
from shared.i18n import N_
from shared.people.roles import Thing, may
from shared.web.access import current_actor, permit, verb
from shared.web.forms import Form, read_form
from shared.web.problems import Problem

_EMPTY_ROWS = 6

Page = tuple[str, int] | Response


def copy_pages(database: Database, addresses: Addresses) -> Blueprint:
    """``/organise/meetings/{id}/copies``."""
    pages = Blueprint("organise_copies", __name__, url_prefix="/organise")

    @pages.get("/meetings/<meeting_id>/copies")
    @verb("meeting.draft")
    def ask(meeting_id: str) -> Page:
        original = _original(meeting_id)
        return _page(original, Form({"series": original.series or ""}))

    @pages.post("/meetings/<meeting_id>/copies")
    @verb("meeting.draft")
    def make(meeting_id: str) -> Page:
        original, form, by = _original(meeting_id), numbered(read_form(CopiesForm())), author_of(current_actor())
        try:
            with database.begin() as tx:
                copies = read_copies(original, form, queries.vocabulary(tx.session))
                _refuse_others(copies)
                made = [copy_meeting(tx, details, by, addresses) for details in copies]
        except FlawedError as error:
            return _page(original, replace(form, errors=shown(error.flaws)), 400)
        return _to(made)

    def _original(meeting_id: str) -> Meeting:
        with database.reading() as session:
            meeting = queries.meeting_by_id(session, meeting_id)
        if meeting is None:
            raise Problem(404, "meeting-unknown")
        permit("draft.read", thing_of(meeting))
        return meeting

    def _page(original: Meeting, form: Form, status: int = 200) -> Page:
        rows = max(_EMPTY_ROWS, min(len(rows_of(form, ROWS)) + 1, MOST))
        with database.reading() as session:
            page = render_template(
                "catalog/organise_copies.html",
                meeting=original,
                form=form,
                rows=range(rows),
                regions=offered(session, "region", home_day(database.clock()), original.regions),
            )
        return page, status

    return pages


def _refuse_others(copies: Sequence[MeetingDetails]) -> None:
    """Raises ``FlawedError`` with every copy for a region in which the organiser makes no meetings."""
    flaws = [
        Flaw(f"{ROWS}.{number}.region", "not-your-region", N_("You do not make meetings for this region."))
        for number, details in enumerate(copies)
        if not may(current_actor(), "meeting.draft", Thing(details.regions))
    ]
    if flaws:
        raise FlawedError(flaws)


def _to(made: Sequence[Meeting]) -> Response:
    """To the one that was made, or to where all of them stand."""
    if len(made) == 1:
        return redirect(url_for("organise.edit", meeting_id=made[0].id, done="copied"), 303)
    if made[0].series:
        return redirect(url_for("organise_series.series", name=made[0].series, done="copied"), 303)
    return redirect(url_for("organise_overview.at_hand", done="copied"), 303)
