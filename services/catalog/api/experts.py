"""Experts for programs: find who helps with what; write it down and take it away."""

from typing import Any

from flask import Response, jsonify
from flask.views import MethodView

from services.catalog import queries
from services.catalog.actions.keep_expert import keep_expert
from services.catalog.actions.remove_expert import remove_expert
from services.catalog.forms.experts import (
    ExpertAnswer,
    ExpertForm,
    ExpertQuery,
    expert_document,
    read_expert,
)
from services.catalog.forms.flaws import as_problems
from services.catalog.forms.meeting_names import named_meetings
from services.catalog.queries.experts import expert_by_id, experts, lock_expert
from services.catalog.queries.knowledge import meetings_called
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.experts import Expert, ExpertDetails
from services.catalog.rules.knowledge_filters import read_knowledge_filters
from shared.db.transaction import Database, Transaction
from shared.i18n import N_
from shared.web.access import verb
from shared.web.api import Blueprint, etag, page_of, paged, require_match
from shared.web.json_body import MERGE_PATCH, read_json
from shared.web.problems import Problem
from shared.web.reading import merge_patch, read_query


def experts_api(database: Database, addresses: Addresses) -> Blueprint:
    """The routes under ``/v1/experts``."""
    api = Blueprint("experts", __name__, url_prefix="/v1", description=N_("Who helps with what"))

    @api.route("/experts")
    class Experts(MethodView):
        @verb("knowledge.read")
        @api.asks(ExpertQuery)
        @api.response(200, ExpertAnswer(many=True))
        def get(self) -> Any:
            """List experts by name."""
            query = read_query(ExpertQuery())
            page = page_of(query)
            with database.reading() as session, as_problems():
                filters = read_knowledge_filters(query, queries.vocabulary(session), {})
                found = experts(session, filters.themes)[page.offset :]
            rows, headers = paged(found, page)
            return rows, 200, headers

        @verb("programme.change")
        @api.accepts(ExpertForm)
        @api.response(201, ExpertAnswer, headers={"ETag": {}, "Location": {}})
        def post(self) -> Response:
            """Write down an expert who agreed to it."""
            document = read_json()
            with database.begin() as tx, as_problems():
                expert = keep_expert(tx, _details(tx, document))
            answer = _answer(expert)
            answer.status_code, answer.location = 201, f"{addresses.base_url}/v1/experts/{expert.id}"
            return answer

    @api.route("/experts/<expert_id>")
    class OneExpert(MethodView):
        @verb("knowledge.read")
        @api.refuses("expert-unknown")
        @api.response(200, ExpertAnswer)
        def get(self, expert_id: str) -> Response:
            """Show one expert."""
            with database.reading() as session:
                return _answer(_there(expert_by_id(session, expert_id)))

        @verb("programme.change")
        @api.accepts(ExpertForm, content_type=MERGE_PATCH)
        @api.honours("If-Match")
        @api.refuses("expert-unknown")
        @api.response(200, ExpertAnswer)
        def patch(self, expert_id: str) -> Response:
            """Change an expert by a merge patch; ``If-Match`` keeps two people from overwriting each other."""
            with database.begin() as tx, as_problems():
                expert = _locked(tx, expert_id)
                require_match(expert.version)
                document = merge_patch(expert_document(expert), read_json())
                return _answer(keep_expert(tx, _details(tx, document), expert))

        @verb("programme.change")
        @api.refuses("expert-unknown")
        @api.response(204)
        def delete(self, expert_id: str) -> None:
            """Erase all that is kept of an expert."""
            with database.begin() as tx:
                remove_expert(tx, _locked(tx, expert_id))

    return api


def _details(tx: Transaction, document: Any) -> ExpertDetails:
    named = meetings_called(tx.session, named_meetings(document))
    return read_expert(document, queries.vocabulary(tx.session), named)


def _locked(tx: Transaction, expert_id: str) -> Expert:
    return _there(lock_expert(tx.session, expert_id))


def _there(expert: Expert | None) -> Expert:
    """The expert that was looked up. Raises ``Problem`` 404."""
    if expert is None:
        raise Problem(404, "expert-unknown")
    return expert


def _answer(expert: Expert) -> Response:
    """The expert as it is now, with the version that a change must name."""
    response = jsonify(ExpertAnswer().dump(expert))
    response.headers.update(etag(expert.version))
    return response
