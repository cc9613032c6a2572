"""Signing people up by hand, for programs of organisers."""

from collections.abc import Mapping
from typing import Any

from flask.views import MethodView

from services.registration.actions.enter_by_hand import enter_by_hand
from services.registration.api.meetings import known_codes, organisers_meeting, registration_now
from services.registration.forms.acts import act_of
from services.registration.forms.desk import EntryForm, entered
from services.registration.forms.refusals import conflict
from services.registration.forms.registrations import RegistrationOut
from services.registration.rules.decision import Refused
from shared.db.transaction import Database
from shared.i18n import N_
from shared.web.access import current_actor, verb
from shared.web.api import Blueprint
from shared.web.reading import read_body


def desk_registrations_api(database: Database, prefix: str) -> Blueprint:
    """The route under ``{prefix}/v1`` for registrations made at the desk."""
    api = Blueprint("entries", __name__, url_prefix=f"{prefix}/v1", description=N_("Sign people up by hand"))

    @api.route("/meetings/<meeting_id>/desk-registrations")
    class DeskRegistrations(MethodView):
        @verb("registration.enter")
        @api.accepts(EntryForm)
        @api.refuses("meeting-unknown", "meeting-cancelled", "already-registered", "full")
        @api.response(201, RegistrationOut, headers={"Location": {}})
        def post(self, meeting_id: str) -> tuple[dict[str, Any], Mapping[str, str]]:
            """Sign someone up by hand, with or without a mail address; ``ifFull`` says what to do without a seat.

            ``wait`` puts on the waiting list (the default), ``go-over`` gives a seat beyond the plan, marked with the
            reason. A ``key`` (a UUID) becomes the id. Who is registered already: 409 ``already-registered``.
            """
            with database.reading() as session:
                meeting = organisers_meeting(session, meeting_id, "registration.enter")
            form = read_body(EntryForm())
            act = act_of(current_actor(), "by-hand", form["reason"])
            with database.begin() as tx:
                known_codes(tx.session, meeting, [form["target_group"]])
                person = entered(tx.session, form)
                answer = enter_by_hand(tx, meeting_id, person, act, form["if_full"] or "wait")
                if isinstance(answer, Refused):
                    raise conflict(answer)
                return registration_now(tx.session, answer), {"Location": f"{prefix}/v1/registrations/{answer}"}

    return api
