"""The words of the network for programs, and the list of events on the broker."""

from typing import Any

from flask import Blueprint as PlainBlueprint
from flask import Response, jsonify
from flask.views import MethodView

from services.catalog import queries
from services.catalog.actions.keep_venue import keep_venue
from services.catalog.actions.keep_word import keep_word
from services.catalog.forms.flaws import as_problems
from services.catalog.forms.reference import OrganisationAnswer, ReferenceAnswer, ReferenceQuery
from services.catalog.forms.words import (
    FORMS,
    KINDS_BY_PATH,
    VenueAnswer,
    VenueKeptForm,
    WordAnswer,
    read_venue,
    read_word,
)
from services.catalog.queries import Part
from services.catalog.queries.venues import venues
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.references import Kind
from services.catalog.rules.words import moves_rights
from shared.db.transaction import Database
from shared.events.schemas import asyncapi
from shared.i18n import N_
from shared.people.roles import Thing
from shared.web.access import permit, verb
from shared.web.api import Blueprint, PageQuery, page_of, paged, part_of
from shared.web.cors import open_to_other_sites
from shared.web.json_body import read_json
from shared.web.problems import Problem
from shared.web.reading import read_query

_PATHS = {"region": "regions", "target-group": "target-groups", "theme": "themes"}


def reference_api(database: Database, addresses: Addresses) -> Blueprint:
    """The routes under ``/v1/regions``, ``target-groups``, ``themes``, ``organisations`` and ``venues``."""
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

    for path, kind in KINDS_BY_PATH.items():
        view = _one_word(api, database, addresses, kind)
        api.route(f"/{path}/<path:code>", merge_slashes=False)(view)  # an official code is an address itself
    _add_venues(api, database)
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


def _one_word(api: Blueprint, database: Database, addresses: Addresses, kind: Kind) -> type[MethodView]:
    """The view of one word of this kind."""

    class Word(MethodView):
        @verb("reference.read")
        @api.refuses("word-unknown")
        @api.response(200, WordAnswer)
        def get(self, code: str) -> Any:
            """Show one word."""
            with database.reading() as session:
                word = queries.all_references(session).get((kind, code))
            if word is None:
                raise Problem(404, "word-unknown")
            return word

        @verb("reference.change")
        @api.accepts(FORMS[kind])
        @api.response(200, WordAnswer)
        def put(self, code: str) -> Any:
            """Add a word, or let a known one be as it is given: renamed, in another place, ended, merged."""
            document = read_json()
            with database.begin() as tx, as_problems():
                known = queries.all_references(tx.session)
                word = read_word(kind, code, document, known)
                if moves_rights(word, known.get((kind, code))):
                    permit("region.merge", Thing())
                return keep_word(tx, word, addresses)

    Word.__name__ = f"One{kind.title().replace('-', '')}"
    return Word


def _add_venues(api: Blueprint, database: Database) -> None:
    @api.route("/venues")
    class Venues(MethodView):
        @verb("reference.read")
        @api.asks(PageQuery)
        @api.response(200, VenueAnswer(many=True))
        def get(self) -> Any:
            """List the venues that are kept, by name."""
            page = page_of(read_query(PageQuery()))
            with database.reading() as session:
                return part_of(venues(session), page)

    @api.route("/venues/<code>")
    class OneVenue(MethodView):
        @verb("reference.change")
        @api.accepts(VenueKeptForm)
        @api.response(200, VenueAnswer)
        def put(self, code: str) -> Any:
            """Keep a venue, to fill it in at once; meetings that have its facts keep them."""
            with as_problems():
                venue = read_venue(code, read_json())
            with database.begin() as tx:
                keep_venue(tx, venue)
            return venue


def _listed(database: Database, kind: str) -> Any:
    query = read_query(ReferenceQuery())
    page = page_of(query)
    with database.reading() as session:
        found = queries.references(session, kind, query["q"], Part(page.size + 1, page.offset))
    rows, headers = paged(found, page)
    return rows, 200, headers
