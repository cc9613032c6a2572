"""One's own data, for programs: with the token of the mailed link as Bearer, for as long as that is fresh."""

from typing import Any

from flask.views import MethodView
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.actions.ask_erasure import ask_erasure
from services.registration.actions.my_data import ask_link
from services.registration.forms.my_data import (
    ErasureOut,
    MyDataLinkForm,
    MyDataOut,
    as_erasure,
)
from services.registration.queries.about_person import about_person
from services.registration.queries.my_data import SERVICES, my_data_link_by, receipts_of
from shared.db.ledger import Erased, Ledger
from shared.db.transaction import Database
from shared.i18n import N_, current_translator
from shared.people.pseudonyms import folded
from shared.web.access import current_actor, verb
from shared.web.api import Blueprint
from shared.web.limits import allow_post
from shared.web.problems import Problem
from shared.web.reading import read_body


def my_data_api(database: Database, ledger: Ledger, prefix: str) -> Blueprint:
    """The routes under ``{prefix}/v1/me``."""
    api = Blueprint("my_data", __name__, url_prefix=f"{prefix}/v1", description=N_("One's own data"))

    @api.route("/me/links")
    class Links(MethodView):
        @verb("my-data.ask")
        @api.accepts(MyDataLinkForm)
        @api.refuses("too-many-requests")
        @api.response(202)
        def post(self) -> None:
            """Have a link to your own data mailed, good for 15 minutes. The answer is the same for every address."""
            email = read_body(MyDataLinkForm())["email"]
            allow_post("my-data", address=folded(email))
            with database.begin() as tx:
                ask_link(tx, ledger.pseudonyms, email, current_translator().language)

    @api.route("/me")
    class Me(MethodView):
        @verb("my-data.read")
        @api.response(200, MyDataOut)
        def get(self) -> dict[str, Any]:
            """What registration keeps of you, and which services keep the rest."""
            with database.reading() as session:
                link = own_link(database, session)
                person = Erased(link.person, database.clock(), ledger.pseudonyms, link.email)
                return {
                    "email": link.email or None,
                    "registration": about_person(session, person) if link.email else {},
                    "services": SERVICES,
                    "erasure": as_erasure(list(receipts_of(session, link.person))),
                }

        @verb("my-data.erase")
        @api.response(202, ErasureOut, headers={"Location": {}})
        def delete(self) -> Any:
            """Erase all that is kept of you, in every service. Seats are given back first; answers with receipts."""
            with database.reading() as session:
                link = own_link(database, session)
            if link.email:
                with database.begin() as tx:
                    ask_erasure(tx, ledger, link.email)
            with database.reading() as session:
                state = as_erasure(list(receipts_of(session, link.person)))
            return state, {"Location": f"{prefix}/v1/me/erasure"}

    @api.route("/me/erasure")
    class Erasure(MethodView):
        @verb("my-data.read")
        @api.response(200, ErasureOut)
        def get(self) -> Any:
            """What every service has erased until now."""
            with database.reading() as session:
                state = as_erasure(list(receipts_of(session, own_link(database, session).person)))
            if state is None:
                raise Problem(404)
            return state

    return api


def own_link(database: Database, session: Session) -> Row[Any]:
    """The fresh link with which somebody came. Raises ``Problem`` 403 for who came in another way."""
    link = my_data_link_by(session, current_actor().my_data_id, database.clock())
    if link is None:
        raise Problem(403)
    return link
