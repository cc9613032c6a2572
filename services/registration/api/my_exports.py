"""All that every service keeps of somebody, for programs: gathered by event, ready when all have answered."""

from typing import Any

from flask.views import MethodView

from services.registration.actions.my_data import ask_export
from services.registration.api.my_data import own_link
from services.registration.forms.my_data import ExportOut, as_export
from services.registration.queries.my_data import export_by
from shared.db.ledger import Ledger
from shared.db.transaction import Database
from shared.i18n import N_, current_translator
from shared.web.access import verb
from shared.web.api import Blueprint
from shared.web.problems import Problem


def my_exports_api(database: Database, ledger: Ledger, prefix: str) -> Blueprint:
    """The routes under ``{prefix}/v1/me/exports``."""
    api = Blueprint("my_exports", __name__, url_prefix=f"{prefix}/v1", description=N_("One's own data"))

    @api.route("/me/exports")
    class Exports(MethodView):
        @verb("my-data.take")
        @api.response(202, ExportOut, headers={"Location": {}})
        def post(self) -> Any:
            """Gather all that every service keeps of you; ``Location`` is where it will be."""
            with database.reading() as session:
                link = own_link(database, session)
            if not link.email:
                raise Problem(404)
            with database.begin() as tx:
                export_id = ask_export(tx, ledger.pseudonyms, link.email, current_translator().language)
                gathered = export_by(tx.session, link.person, export_id)
            assert gathered, "it was asked for a moment ago"
            return as_export(gathered), {"Location": f"{prefix}/v1/me/exports/{export_id}"}

    @api.route("/me/exports/<export_id>")
    class Export(MethodView):
        @verb("my-data.read")
        @api.response(200, ExportOut)
        def get(self, export_id: str) -> Any:
            """All that is kept of you, when every service has answered; until then who has. It is kept for a day."""
            with database.reading() as session:
                gathered = export_by(session, own_link(database, session).person, export_id)
            if gathered is None:
                raise Problem(404)
            return as_export(gathered)

    return api
