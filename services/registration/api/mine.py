"""What people answer about their own registration, for programs."""

from typing import Any

from flask.views import MethodView

from services.registration.actions.answer_offer import accept_offer, decline_offer
from services.registration.actions.confirm_registration import confirm_registration
from services.registration.api.meetings import own_registration, registration_now
from services.registration.forms.acts import act_of
from services.registration.forms.mine import OfferForm
from services.registration.forms.refusals import conflict
from services.registration.forms.registrations import RegistrationOut
from services.registration.rules.decision import Refused
from shared.db.transaction import Database
from shared.i18n import N_
from shared.web.access import current_actor, verb
from shared.web.api import Blueprint
from shared.web.reading import read_body


def mine_api(database: Database, prefix: str) -> Blueprint:
    """The routes under ``{prefix}/v1`` with which a person confirms, and answers an offer."""
    api = Blueprint("answers", __name__, url_prefix=f"{prefix}/v1", description=N_("What people answer"))

    @api.route("/registrations/<registration_id>/confirmation")
    class Confirmation(MethodView):
        @verb("registration.confirm")
        @api.refuses("meeting-cancelled", "closed", "begun", "full")
        @api.response(200, RegistrationOut)
        def put(self, registration_id: str) -> dict[str, Any]:
            """Confirm that it was you; the seat rule decides now. Answers with the new state."""
            with database.reading() as session:
                own_registration(session, registration_id, "registration.confirm")
            with database.begin() as tx:
                refused = confirm_registration(tx, registration_id)
            return _new_state(database, registration_id, refused)

    @api.route("/registrations/<registration_id>/offer")
    class Offer(MethodView):
        @verb("offer.answer")
        @api.accepts(OfferForm)
        @api.refuses("no-offer", "meeting-cancelled", "begun")
        @api.response(200, RegistrationOut)
        def put(self, registration_id: str) -> dict[str, Any]:
            """Take the offered seat, or leave it to the next. Answers with the new state."""
            with database.reading() as session:
                own_registration(session, registration_id, "offer.answer")
            accepted = read_body(OfferForm())["answer"] == "accepted"
            with database.begin() as tx:
                if accepted:
                    refused = accept_offer(tx, registration_id, act_of(current_actor(), "accept"))
                else:
                    refused = decline_offer(tx, registration_id, act_of(current_actor(), "decline"))
            return _new_state(database, registration_id, refused)

    return api


def _new_state(database: Database, registration_id: str, refused: Refused | None) -> dict[str, Any]:
    """The registration as it is now. Raises ``Problem`` 409 where what was asked cannot be."""
    if refused:
        raise conflict(refused)
    with database.reading() as session:
        return registration_now(session, registration_id)
