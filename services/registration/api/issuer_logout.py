"""Who signs out at an identity provider is signed out here: it says so itself, without a browser between."""

from collections.abc import Mapping

import structlog
from flask import Response, request
from flask.views import MethodView
from marshmallow import ValidationError

from services.registration.actions.issuer_sign_in import sign_out_by_issuer
from services.registration.forms.issuers import LogoutForm
from services.registration.issuers.provider import Provider
from services.registration.issuers.tokens import IssuerError
from shared.db.transaction import Database
from shared.i18n import N_
from shared.web.access import verb
from shared.web.api import Blueprint
from shared.web.problems import Problem, invalid_input, reasons

_log = structlog.get_logger(__name__)


def issuer_logout_api(database: Database, providers: Mapping[int, Provider], prefix: str) -> Blueprint:
    """``{prefix}/v1/issuers/{number}/logout``, the address that each issuer is told."""
    api = Blueprint("issuers", __name__, url_prefix=f"{prefix}/v1", description=N_("Signing out elsewhere"))

    @api.route("/issuers/<int:number>/logout")
    class Logout(MethodView):
        @verb("sign-out.use")
        @api.accepts(LogoutForm, content_type="application/x-www-form-urlencoded")
        @api.refuses("bad-logout-token")
        @api.response(200)
        def post(self, number: int) -> Response:
            """End the sessions that a logout token is about (OpenID Connect Back-Channel Logout 1.0)."""
            if number not in providers:
                raise Problem(404)
            try:
                form = LogoutForm().load(request.form.to_dict())
            except ValidationError as error:
                raise invalid_input(reasons(error.messages_dict)) from error
            provider = providers[number]
            try:
                out = provider.who_signed_out(form["logout_token"])
            except IssuerError as error:
                _log.warning("a logout token was refused", issuer=provider.issuer.url, code=error.code)
                raise Problem(400, "bad-logout-token") from error
            with database.begin() as tx:
                heard = sign_out_by_issuer(tx, provider.issuer.url, out)
            if not heard:
                raise Problem(400, "bad-logout-token")
            return Response(status=200)

    return api
