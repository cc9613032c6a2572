"""The words of the network for programs, and the list of events on the broker."""

from typing import Any

from flask import Blueprint as PlainBlueprint
from flask import Response, jsonify
from flask.views import MethodView

from services.catalog import queries
from services.catalog.forms.reference import OrganisationAnswer, ReferenceAnswer, ReferenceQuery
from services.catalog.queries import Part
from shared.db.transaction import Database
from shared.events.schemas import asyncapi
from shared.i18n import N_
from shared.web.access import verb
from shared.web.api import Blueprint, page_of, paged, read_query
from shared.web.cors import open_to_other_sites

_PATHS = {"region": "regions", "target-group": "target-groups", "theme": "themes"}


def reference_api(database: Database) -> Blueprint:
    """The routes ``/v1/regions``, ``/v1/target-groups``, ``/v1/themes`` and ``/v1/organisations``."""
    api = Blueprint("reference", __name__, url_prefix="/v1", description=N_("The words of the network"))
    for kind, path in _PATHS.items():
        api.route(f"/{path}")(_words(api, database, kind))

    @api.route("/organisations")
    class Organisations(MethodView):
        @verb("reference.read")
        @api.asks(ReferenceQuery)
        @api.response(200, OrganisationAnswer(many=True))
        def get(self) -> Any:
            """List organisations by name; ``q`` finds parts of names."""
            return _listed(database, "organisation")

    return api


def event_documents() -> PlainBlueprint:
    """``/events.json``: all events of the three services, as an AsyncAPI 3 document that any site may read."""
    pages = PlainBlueprint("events", __name__)

    @pages.get("/events.json")
    @verb("reference.read")
    def events() -> Response:
        return open_to_other_sites(jsonify(asyncapi("catalog")))

    return pages


def _words(api: Blueprint, database: Database, kind: str) -> type[MethodView]:
    """The view that lists the words of one kind."""

    class Words(MethodView):
        @verb("reference.read")
        @api.asks(ReferenceQuery)
        @api.response(200, ReferenceAnswer(many=True))
        def get(self) -> Any:
            """List these words in their order."""
            return _listed(database, kind)

    Words.__name__ = kind.title().replace("-", "")
    return Words


def _listed(database: Database, kind: str) -> Any:
    query = read_query(ReferenceQuery())
    page = page_of(query)
    with database.reading() as session:
        found = queries.references(session, kind, query["q"], Part(page.size + 1, page.offset))
    rows, headers = paged(found, page)
    return rows, 200, headers
