"""Where organisers act on several meetings at once that they chose."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from services.catalog import queries
from services.catalog.actions.attempt_each import Outcome, attempt_each
from services.catalog.actions.cancel_meeting import cancel_meeting
from services.catalog.actions.change_meeting import change_meeting
from services.catalog.actions.publish_meeting import publish_meeting
from services.catalog.forms.edit import beside
from services.catalog.forms.flaws import shown
from services.catalog.forms.meetings import LONGEST_REASON, CancellationForm
from services.catalog.forms.several import MoveForm
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.copying import moved_by
from services.catalog.rules.history import Act, author_of
from services.catalog.rules.meeting import Meeting
from services.catalog.rules.reach import reached, thing_of
from shared.db.transaction import Database, Transaction
from shared.i18n import gettext as _
from shared.web.access import current_actor, permit, verb
from shared.web.forms import Form, filled, read_form

_MOST_CHOSEN = 200

Page = tuple[str, int] | Response


def several_pages(database: Database, addresses: Addresses) -> Blueprint:
    """What is done to the meetings that were ticked, on any page that lists them."""
    pages = Blueprint("organise_several", __name__, url_prefix="/organise")

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
            return _ask_first(database, _CANCEL, form)
        reason = form.loaded["reason"]
        with database.begin() as tx:
            outcomes = _each(tx, "meeting.cancel", lambda meeting: cancel_meeting(tx, meeting, reason, by, addresses))
        return _result(_("Call off several meetings"), outcomes)

    @pages.post("/chosen/move")
    @verb("meeting.change")
    def move() -> Page:
        if "confirmed" not in request.form:
            return _ask_first(database, _MOVE, filled({}))
        form, by = read_form(MoveForm()), author_of(current_actor())
        if form.loaded is None:
            return _ask_first(database, _MOVE, form)
        days, act = form.loaded["days"], Act("changed", by, form.loaded["reason"])

        def moved(meeting: Meeting) -> Meeting:
            return change_meeting(tx, meeting, moved_by(meeting.details, days), act, addresses)

        with database.begin() as tx:
            outcomes = _each(tx, "meeting.change", moved)
        return _result(_("Move several meetings"), outcomes)

    return pages


@dataclass(frozen=True)
class _Question:
    """What is asked before something is done to several meetings: of whom, in which state, on which page."""

    verb: str
    states: Collection[str]
    template: str


_CANCEL = _Question("meeting.cancel", ("published",), "catalog/organise_call_off.html")
_MOVE = _Question("meeting.change", ("draft", "published"), "catalog/organise_move.html")


def _each(tx: Transaction, name: str, act: Callable[[Meeting], Meeting]) -> list[Outcome]:
    """Do ``act`` to every meeting that was ticked. Raises ``Problem`` 403 where one of them is another's."""
    found = queries.lock_meetings(tx.session, queries.with_ids(_chosen()))
    for meeting in found:
        permit(name, thing_of(meeting))
    return attempt_each(tx, found, act)


def _chosen() -> list[str]:
    return request.form.getlist("meeting")[:_MOST_CHOSEN]


def _ask_first(database: Database, question: _Question, form: Form) -> Page:
    """The page that says which meetings it is done to and how many people hear of it, and asks why."""
    with database.reading() as session:
        found = queries.meetings_where(session, queries.with_ids(_chosen()))
        mine = [each for each in reached(current_actor(), question.verb, found) if each.status in question.states]
        heard = _who_hear(session, mine)
    page = render_template(question.template, meetings=mine, heard=heard, form=form, longest=LONGEST_REASON)
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
