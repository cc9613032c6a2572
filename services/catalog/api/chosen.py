"""Several chosen meetings for programs: published, changed or called off at once, each with its own outcome."""

from collections.abc import Callable, Collection

from flask import Response
from flask.views import MethodView

from services.catalog import queries
from services.catalog.actions.attempt_each import attempt_each
from services.catalog.actions.cancel_meeting import cancel_meeting
from services.catalog.actions.change_meeting import change_meeting
from services.catalog.actions.publish_meeting import publish_meeting
from services.catalog.api.one_meeting import as_json
from services.catalog.forms.several import (
    ChosenCancellationForm,
    ChosenChangeForm,
    ChosenForm,
    SeveralAnswer,
    not_theirs_answer,
    read_alike,
    several_answer,
)
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.history import Act, author_of
from services.catalog.rules.meeting import Meeting
from services.catalog.rules.reach import reached
from shared.db.transaction import Database, Transaction
from shared.i18n import N_
from shared.people.roles import Thing
from shared.web.access import current_actor, permit, verb
from shared.web.api import Blueprint
from shared.web.app import periods_here
from shared.web.reading import read_body


def chosen_api(database: Database, addresses: Addresses) -> Blueprint:
    """The routes ``/v1/publications``, ``/v1/changes`` and ``/v1/cancellations``."""
    api = Blueprint("chosen", __name__, url_prefix="/v1", description=N_("Several meetings at once"))

    @api.route("/publications")
    class Publications(MethodView):
        @verb("meeting.publish")
        @api.accepts(ChosenForm)
        @api.response(200, SeveralAnswer)
        def post(self) -> Response:
            """Publish several drafts; what one lacks is said, and leaves the others alone."""
            chosen, by = read_body(ChosenForm())["meetings"], author_of(current_actor())
            with database.begin() as tx:
                return _outcomes(
                    tx, "meeting.publish", chosen, lambda meeting: publish_meeting(tx, meeting, by, addresses)
                )

    @api.route("/changes")
    class Changes(MethodView):
        @verb("meeting.change")
        @api.accepts(ChosenChangeForm)
        @api.response(200, SeveralAnswer)
        def post(self) -> Response:
            """Change several meetings alike, or move them by days; what one does not allow leaves the others alone."""
            sent, by = read_body(ChosenChangeForm()), author_of(current_actor())
            with database.begin() as tx:
                words, kept = queries.vocabulary(tx.session), periods_here().attendees

                def change(meeting: Meeting) -> Meeting:
                    details = read_alike(meeting, sent, words, kept)
                    permit("meeting.change", Thing(details.regions, meeting.id))
                    return change_meeting(tx, meeting, details, Act("changed", by, sent["reason"]), addresses)

                return _outcomes(tx, "meeting.change", sent["meetings"], change)

    @api.route("/cancellations")
    class Cancellations(MethodView):
        @verb("meeting.cancel")
        @api.accepts(ChosenCancellationForm)
        @api.response(200, SeveralAnswer)
        def post(self) -> Response:
            """Call several meetings off, for one reason or none; what cannot be called off is left alone."""
            sent, by = read_body(ChosenCancellationForm()), author_of(current_actor())
            with database.begin() as tx:
                return _outcomes(
                    tx,
                    "meeting.cancel",
                    sent["meetings"],
                    lambda meeting: cancel_meeting(tx, meeting, sent["reason"], by, addresses),
                )

    return api


def _outcomes(tx: Transaction, name: str, chosen: Collection[str], act: Callable[[Meeting], Meeting]) -> Response:
    """What became of each by its start; last those that there are not, and those that are another's: alike."""
    found = queries.lock_meetings(tx.session, queries.with_ids(chosen))
    theirs = reached(current_actor(), name, found)
    answer = several_answer(attempt_each(tx, theirs, act))
    known = {meeting.id for meeting in theirs}
    answer["entries"] += [not_theirs_answer(id_) for id_ in dict.fromkeys(chosen) if id_ not in known]
    return as_json(answer, {})
