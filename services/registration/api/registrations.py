"""Registrations for programs: sign up, list, read, cancel."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import request
from flask.views import MethodView
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.actions.cancel_registration import cancel_registration
from services.registration.actions.correct_registration import Correction, correct_registration
from services.registration.actions.settle import lock_meeting
from services.registration.api.answers import answer
from services.registration.api.meetings import (
    known_codes,
    meeting_or_problem,
    meeting_unknown,
    organisers_meeting,
    own_registration,
    registration_now,
)
from services.registration.forms.acts import act_of
from services.registration.forms.details import DetailsForm, correction, details_form, details_now, version_of
from services.registration.forms.kept import Kept
from services.registration.forms.refusals import conflict
from services.registration.forms.registrations import (
    CancellationForm,
    RegistrationOut,
    RegistrationsQuery,
    shown,
)
from services.registration.forms.sign_up import AnswerOut, SignUpForm, allow_sign_up, wish
from services.registration.gate import SeatGate
from services.registration.queries.registrations import all_sessions, registrations
from services.registration.queries.waiting import all_places
from services.registration.rules.addresses import address_key
from shared.db.transaction import Database
from shared.i18n import N_
from shared.web.access import current_actor, verb
from shared.web.api import Blueprint, etag, page_of, part_of, require_match
from shared.web.json_body import MERGE_PATCH
from shared.web.reading import read_body, read_query
from shared.web.record import on_record


def registrations_api(database: Database, gate: SeatGate, kept: Kept, prefix: str) -> Blueprint:
    """The routes under ``{prefix}/v1`` about registrations."""
    api = Blueprint("registrations", __name__, url_prefix=f"{prefix}/v1", description=N_("Who takes part"))

    @api.route("/meetings/<meeting_id>/registrations")
    class Registrations(MethodView):
        @verb("registration.create")
        @api.accepts(SignUpForm)
        @api.honours("Idempotency-Key")
        @api.refuses("meeting-unknown", "meeting-cancelled", "closed", "not-yet-open", "full")
        @api.refuses("idempotency-key-reused", "too-many-requests")
        @api.response(201, AnswerOut)
        def post(self, meeting_id: str) -> dict[str, Any]:
            """Sign up: a seat or a place on the waiting list, at once. Honours Idempotency-Key."""
            asked = kept.asked(meeting_id)
            if asked is None:
                raise meeting_unknown()
            form = read_body(asked.form)
            is_crowded = allow_sign_up(form, meeting_id)
            where = kept.workplace(form["organisation"], address_key(form["email"]))
            asks = wish(asked.asking, form, where, request.headers.get("Idempotency-Key"))
            return answer(gate.sign_up(meeting_id, replace(asks, confirm_first=is_crowded)))

        @on_record("registrations.read")
        @verb("registrations.list")
        @api.asks(RegistrationsQuery)
        @api.refuses("meeting-unknown")
        @api.response(200, RegistrationOut(many=True))
        def get(self, meeting_id: str) -> tuple[list[dict[str, Any]], Mapping[str, str]]:
            """List the registrations of a meeting in the order of the queue."""
            with database.reading() as session:
                meeting = organisers_meeting(session, meeting_id, "registrations.list")
                query = read_query(RegistrationsQuery())
                page = page_of(query)
                rows = registrations(
                    session,
                    meeting_id,
                    statuses=query["status"],
                    groups=known_codes(session, meeting, query["targetGroup"]),
                )
                places, sessions = all_places(session, meeting_id), all_sessions(session, meeting_id)
            entries, links = part_of(rows, page)
            return [shown(row, places.get(row.id), sessions.get(row.id, ())) for row in entries], links

    @api.route("/registrations/<registration_id>")
    class Registration(MethodView):
        @on_record("registration.read")
        @verb("registration.read")
        @api.response(200, RegistrationOut)
        def get(self, registration_id: str) -> tuple[dict[str, Any], Mapping[str, str]]:
            """Read one registration: for organisers, and for the person with the token of the mine link as Bearer."""
            with database.reading() as session:
                row = own_registration(session, registration_id, "registration.read")
                return _with_version(session, row)

        @verb("registration.correct")
        @api.accepts(DetailsForm, content_type=MERGE_PATCH)
        @api.honours("If-Match")
        @api.refuses("meeting-unknown", "meeting-cancelled", "begun", "no-seat", "full")
        @api.response(200, RegistrationOut)
        def patch(self, registration_id: str) -> tuple[dict[str, Any], Mapping[str, str]]:
            """Correct details, sessions or where one takes part by a merge patch: all of it, or nothing.

            ``If-Match`` keeps two people from overwriting each other.
            """
            with database.begin() as tx:
                lock_meeting(tx, own_registration(tx.session, registration_id, "registration.correct").meeting_id)
                row = own_registration(tx.session, registration_id, "registration.correct")
                require_match(_version(tx.session, row))
                wanted = _wanted(tx.session, row)
                refused = correct_registration(tx, registration_id, wanted, act_of(current_actor(), "change"))
                if refused:
                    raise conflict(refused)
                return _with_version(tx.session, own_registration(tx.session, registration_id, "registration.correct"))

    @api.route("/registrations/<registration_id>/cancellation")
    class Cancellation(MethodView):
        @verb("registration.cancel")
        @api.accepts(CancellationForm, required=False)
        @api.refuses("meeting-cancelled", "begun")
        @api.response(200, RegistrationOut)
        def put(self, registration_id: str) -> dict[str, Any]:
            """Cancel a registration; the freed seat goes to the next at once. Answers with the new state."""
            with database.reading() as session:
                own_registration(session, registration_id, "registration.cancel")
            reason = read_body(CancellationForm())["reason"] if request.get_data() else ""
            with database.begin() as tx:
                refused = cancel_registration(tx, registration_id, act_of(current_actor(), "cancel", reason))
            if refused:
                raise conflict(refused)
            with database.reading() as session:
                return registration_now(session, registration_id)

    return api


def _wanted(session: Session, row: Row[Any]) -> Correction:
    """What the body asks, as a patch on what the registration says. Raises ``Problem``."""
    meeting = meeting_or_problem(session, row.meeting_id)
    schema = details_form(session, row, meeting)
    return correction(session, row, schema, read_body(schema, changing=details_now(session, row, meeting)))


def _version(session: Session, row: Row[Any]) -> str:
    meeting = meeting_or_problem(session, row.meeting_id)
    return version_of(registration_now(session, row.id), details_now(session, row, meeting))


def _with_version(session: Session, row: Row[Any]) -> tuple[dict[str, Any], Mapping[str, str]]:
    """The registration as it is now, with the version that a change must name."""
    return registration_now(session, row.id), etag(_version(session, row))
