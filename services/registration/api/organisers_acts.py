"""What organisers decide about registrations, for programs. Each act happens at once."""

from collections.abc import Callable
from typing import Any

from flask.views import MethodView
from sqlalchemy.orm import Session

from services.registration.actions.approve_registration import approve_registration, reject_registration
from services.registration.actions.change_details import change_details
from services.registration.actions.change_group import change_group
from services.registration.actions.move_up import move_up
from services.registration.api.meetings import own_registration, registration_now
from services.registration.forms.acts import act_of
from services.registration.forms.desk import ApprovalForm, GroupForm, MoveUpForm, NoteForm
from services.registration.forms.fields import UNKNOWN_GROUP
from services.registration.forms.refusals import conflict
from services.registration.forms.registrations import RegistrationOut
from services.registration.queries.references import known_groups
from services.registration.queries.registrations import registration_by
from services.registration.rules.decision import Refused
from shared.db.transaction import Database, Transaction
from shared.i18n import N_
from shared.i18n import gettext as _
from shared.web.access import current_actor, verb
from shared.web.api import Blueprint
from shared.web.problems import Invalid, Problem, invalid_input
from shared.web.reading import read_body
from shared.web.record import on_record

Decide = Callable[[Transaction, str], Refused | None]


def organisers_acts_api(database: Database, prefix: str) -> Blueprint:
    """The routes under ``{prefix}/v1`` for organisers' decisions."""
    api = Blueprint("decisions", __name__, url_prefix=f"{prefix}/v1", description=N_("What organisers decide"))

    def allowed(registration_id: str) -> None:
        with database.reading() as session:
            own_registration(session, registration_id, "registration.decide")

    def decided(registration_id: str, decide: Decide) -> dict[str, Any]:
        """Let it happen, and give the new state. Raises ``Problem`` 409 where it cannot."""
        with database.begin() as tx:
            refused = decide(tx, registration_id)
            if refused:
                raise conflict(refused)
            return registration_now(tx.session, registration_id)

    @api.route("/registrations/<registration_id>/approval")
    class Approval(MethodView):
        @verb("registration.decide")
        @api.accepts(ApprovalForm)
        @api.refuses("not-requested", "meeting-cancelled", "begun")
        @api.response(200, RegistrationOut)
        def put(self, registration_id: str) -> dict[str, Any]:
            """Approve a request, and the seat rule decides; or turn it down with a reason. Can be taken back."""
            allowed(registration_id)
            form = read_body(ApprovalForm())
            name, decide = ("approve", approve_registration) if form["approved"] else ("reject", reject_registration)
            act = act_of(current_actor(), name, form["reason"])
            return decided(registration_id, lambda tx, id_: decide(tx, id_, act))

    @api.route("/registrations/<registration_id>/seat")
    class Seat(MethodView):
        @verb("registration.decide")
        @api.accepts(MoveUpForm)
        @api.refuses("meeting-cancelled", "not-waiting")
        @api.response(200, RegistrationOut)
        def put(self, registration_id: str) -> dict[str, Any]:
            """Give this person a seat by hand; one beyond the plan is marked with the reason."""
            allowed(registration_id)
            act = act_of(current_actor(), "move-up", read_body(MoveUpForm())["reason"])
            return decided(registration_id, lambda tx, id_: move_up(tx, id_, act))

    @api.route("/registrations/<registration_id>/target-group")
    class Group(MethodView):
        @verb("registration.decide")
        @api.accepts(GroupForm)
        @api.response(200, RegistrationOut)
        def put(self, registration_id: str) -> dict[str, Any]:
            """Let this registration count for another target group; the queue number stays."""
            allowed(registration_id)
            form = read_body(GroupForm())
            act = act_of(current_actor(), "change-group", form["reason"])
            with database.begin() as tx:
                if form["target_group"] not in known_groups(tx.session):
                    raise invalid_input([Invalid("targetGroup", _(UNKNOWN_GROUP), "unknown")])
                change_group(tx, registration_id, form["target_group"], act)
                return registration_now(tx.session, registration_id)

    @api.route("/registrations/<registration_id>/note")
    class Note(MethodView):
        @on_record("registration.read")
        @verb("registration.decide")
        @api.response(200, NoteForm)
        def get(self, registration_id: str) -> dict[str, Any]:
            """Read what organisers want to remember of someone; the person does not see it."""
            allowed(registration_id)
            with database.reading() as session:
                return _note(session, registration_id)

        @verb("registration.decide")
        @api.accepts(NoteForm)
        @api.response(200, NoteForm)
        def put(self, registration_id: str) -> dict[str, Any]:
            """Keep a note for organisers; an empty one takes it away."""
            allowed(registration_id)
            note = read_body(NoteForm())
            with database.begin() as tx:
                change_details(tx, registration_id, note, act_of(current_actor(), "note"))
                return _note(tx.session, registration_id)

    return api


def _note(session: Session, registration_id: str) -> dict[str, Any]:
    row = registration_by(session, registration_id)
    if row is None:
        raise Problem(404)
    return {"note": row.note}
