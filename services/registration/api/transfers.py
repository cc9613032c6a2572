"""Hand a seat over, for programs: proposed by the one, accepted by the other with the token of the mailed link."""

from typing import Any

from flask.views import MethodView
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.actions.transfer_seat import accept_transfer, propose_transfer, withdraw_transfer
from services.registration.api.meetings import known_codes, own_registration
from services.registration.forms.acts import act_of
from services.registration.forms.mine import TransferForm, TransferOut, allow_transfer, colleague
from services.registration.forms.refusals import conflict, why_not
from services.registration.queries.meetings import meeting_by
from services.registration.queries.registrations import transfer_by
from services.registration.rules.decision import Refused
from shared.db.transaction import Database
from shared.i18n import N_
from shared.people.roles import Thing
from shared.web.access import current_actor, permit, verb
from shared.web.api import Blueprint
from shared.web.problems import Invalid, Problem, invalid_input
from shared.web.reading import read_body


def transfers_api(database: Database, prefix: str) -> Blueprint:
    """The routes under ``{prefix}/v1`` about handing a seat over."""
    api = Blueprint("transfers", __name__, url_prefix=f"{prefix}/v1", description=N_("Seats handed over"))

    @api.route("/registrations/<registration_id>/transfers")
    class Proposals(MethodView):
        @verb("transfer.propose")
        @api.accepts(TransferForm)
        @api.refuses("no-seat", "meeting-cancelled", "begun", "other-organisation", "full", "too-many-requests")
        @api.response(202, TransferOut)
        def post(self, registration_id: str) -> Any:
            """Propose to hand the seat over: yours until the colleague accepts. An earlier proposal is withdrawn."""
            with database.reading() as session:
                row = own_registration(session, registration_id, "transfer.propose")
            form = read_body(TransferForm())
            _check_group(database, row, form["target_group"])
            allow_transfer(form)
            with database.begin() as tx:
                act = act_of(current_actor(), "transfer")
                proposed = propose_transfer(tx, registration_id, colleague(form), act)
            if isinstance(proposed, Refused):
                raise _refusal(proposed)
            with database.reading() as session:
                return transfer_by(session, proposed)

    @api.route("/transfers/<transfer_id>", endpoint="Transfer")
    @api.route("/registrations/<registration_id>/transfers/<transfer_id>", endpoint="RegistrationTransfer")
    class Transfer(MethodView):
        @verb("transfer.accept")
        @api.refuses("transfer-over", "already-registered", "not-eligible", "full", "meeting-cancelled", "begun")
        @api.response(200, TransferOut)
        def put(self, transfer_id: str, registration_id: str | None = None) -> Any:
            """Take the seat over, with the token of the mailed link as Bearer. Answers with the new state."""
            with database.reading() as session:
                _own_proposal(session, transfer_id, registration_id)
            with database.begin() as tx:
                taken = accept_transfer(tx, transfer_id)
            if isinstance(taken, Refused):
                raise conflict(taken)
            with database.reading() as session:
                return transfer_by(session, transfer_id)

    @api.route("/registrations/<registration_id>/transfers/<transfer_id>/withdrawal")
    class Withdrawal(MethodView):
        @verb("transfer.propose")
        @api.response(200, TransferOut)
        def put(self, registration_id: str, transfer_id: str) -> Any:
            """Keep the seat after all. Answers with the new state."""
            with database.reading() as session:
                own_registration(session, registration_id, "transfer.propose")
                proposal = transfer_by(session, transfer_id)
            if proposal is None or proposal.registration_id != registration_id:
                raise Problem(404)
            if proposal.status == "pending":
                with database.begin() as tx:
                    withdraw_transfer(tx, registration_id, act_of(current_actor(), "withdraw"))
            with database.reading() as session:
                return transfer_by(session, transfer_id)

    return api


def _own_proposal(session: Session, transfer_id: str, registration_id: str | None) -> None:
    """Go on if the caller holds the link of this proposal. Raises ``Problem`` 403 or 404."""
    permit("transfer.accept", Thing(transfer_id=transfer_id))
    proposal = transfer_by(session, transfer_id)
    if proposal is None or registration_id not in {None, proposal.registration_id}:
        raise Problem(404)


def _check_group(database: Database, row: Row[Any], group: str) -> None:
    """Raises ``Problem`` 400 for a role that nobody knows."""
    with database.reading() as session:
        meeting = meeting_by(session, row.meeting_id)
        if group and meeting is not None:
            known_codes(session, meeting, [group])


def _refusal(refused: Refused) -> Problem:
    """A role that is not welcome is a mistake in a field."""
    if refused.reason == "not-eligible":
        return invalid_input([Invalid("targetGroup", why_not(refused), "not-eligible")])
    return conflict(refused)
