"""Knowledge for programs: find it; draft, change, publish and withdraw it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Response, jsonify
from flask.views import MethodView
from sqlalchemy.orm import Session

from services.catalog import queries
from services.catalog.actions.change_knowledge import change_knowledge
from services.catalog.actions.draft_knowledge import draft_knowledge
from services.catalog.actions.publish_knowledge import publish_knowledge
from services.catalog.actions.withdraw_knowledge import withdraw_knowledge
from services.catalog.forms.flaws import as_problems
from services.catalog.forms.knowledge import (
    KnowledgeAnswer,
    KnowledgeForm,
    KnowledgeQuery,
    document_of,
    read_item,
)
from services.catalog.forms.meeting_names import named_meetings
from services.catalog.queries import Part
from services.catalog.queries.knowledge import (
    all_items,
    item_by_id,
    lock_item,
    meetings_called,
    published_items,
    titles_of_meetings,
)
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.knowledge import Item, ItemDetails
from services.catalog.rules.knowledge_filters import read_knowledge_filters
from shared.db.transaction import Database, Transaction
from shared.i18n import N_
from shared.people.roles import may
from shared.web.access import current_actor, verb
from shared.web.api import Blueprint, etag, page_of, paged, require_match
from shared.web.json_body import MERGE_PATCH, read_json
from shared.web.problems import Problem
from shared.web.reading import merge_patch, read_query

_ONE = "/knowledge/<item_id>"


def knowledge_api(database: Database, addresses: Addresses) -> Blueprint:
    """The routes under ``/v1/knowledge``."""
    api = Blueprint("knowledge", __name__, url_prefix="/v1", description=N_("What was gathered about the themes"))

    @api.route("/knowledge")
    class Knowledge(MethodView):
        @verb("knowledge.read")
        @api.asks(KnowledgeQuery)
        @api.response(200, KnowledgeAnswer(many=True))
        def get(self) -> Response:
            """List knowledge, the newest first; organisers see drafts too."""
            query = read_query(KnowledgeQuery())
            page = page_of(query)
            find = all_items if may(current_actor(), "programme.read") else published_items
            with database.reading() as session:
                with as_problems():
                    named = meetings_called(session, query.get("meeting", ()))
                    filters = read_knowledge_filters(query, queries.vocabulary(session), named)
                found = find(session, filters, Part(page.size + 1, page.offset))
                rows, headers = paged(found, page)
                return _json(_answers(session, rows), headers)

        @verb("programme.change")
        @api.accepts(KnowledgeForm)
        @api.response(201, KnowledgeAnswer, headers={"ETag": {}, "Location": {}})
        def post(self) -> Response:
            """Draft a piece of knowledge: kind and title are enough."""
            document = read_json()
            with database.begin() as tx, as_problems():
                item = draft_knowledge(tx, _read(tx, document))
                answer = _answer(tx, item)
            answer.status_code, answer.location = 201, f"{addresses.base_url}/v1/knowledge/{item.id}"
            return answer

    @api.route(_ONE)
    class OneItem(MethodView):
        @verb("knowledge.read")
        @api.refuses("knowledge-unknown")
        @api.response(200, KnowledgeAnswer)
        def get(self, item_id: str) -> Response:
            """Show one piece of knowledge."""
            with database.reading() as session:
                item = item_by_id(session, item_id)
                if item is None or (item.is_draft and not may(current_actor(), "programme.read")):
                    raise Problem(404, "knowledge-unknown")
                return _json(_answers(session, [item])[0], etag(item.version))

        @verb("programme.change")
        @api.accepts(KnowledgeForm, content_type=MERGE_PATCH)
        @api.honours("If-Match")
        @api.refuses("knowledge-unknown")
        @api.response(200, KnowledgeAnswer)
        def patch(self, item_id: str) -> Response:
            """Change it by a merge patch; ``If-Match`` keeps two people from overwriting each other."""
            with database.begin() as tx, as_problems():
                item = _locked(tx, item_id)
                require_match(item.version)
                return _answer(tx, change_knowledge(tx, item, _read(tx, merge_patch(document_of(item), read_json()))))

    @api.route(f"{_ONE}/publication")
    class KnowledgePublication(MethodView):
        @verb("programme.change")
        @api.refuses("knowledge-unknown")
        @api.response(200, KnowledgeAnswer)
        def post(self, item_id: str) -> Response:
            """Let everyone read it; what it still lacks is said per field."""
            with database.begin() as tx, as_problems():
                return _answer(tx, publish_knowledge(tx, _locked(tx, item_id)))

        @verb("programme.change")
        @api.refuses("knowledge-unknown")
        @api.response(200, KnowledgeAnswer)
        def delete(self, item_id: str) -> Response:
            """Let only organisers read it, as a draft."""
            with database.begin() as tx:
                return _answer(tx, withdraw_knowledge(tx, _locked(tx, item_id)))

    return api


def _read(tx: Transaction, document: Any) -> ItemDetails:
    named = meetings_called(tx.session, named_meetings(document))
    return read_item(document, queries.vocabulary(tx.session), named)


def _locked(tx: Transaction, item_id: str) -> Item:
    """The piece of knowledge under its lock. Raises ``Problem`` 404."""
    item = lock_item(tx.session, item_id)
    if item is None:
        raise Problem(404, "knowledge-unknown")
    return item


def _answer(tx: Transaction, item: Item) -> Response:
    """The piece of knowledge as it is now, with the version that a change must name."""
    return _json(_answers(tx.session, [item])[0], etag(item.version))


def _answers(session: Session, items: Sequence[Item]) -> list[dict[str, Any]]:
    """As JSON-ready values; meetings that not everyone finds are named to organisers only."""
    if not may(current_actor(), "programme.read"):
        found = titles_of_meetings(session, [meeting_id for item in items for meeting_id in item.meetings])
        items = [replace(item, meetings=tuple(id_ for id_ in item.meetings if id_ in found)) for item in items]
    answers: list[dict[str, Any]] = KnowledgeAnswer(many=True).dump(items)
    return answers


def _json(answer: Any, headers: Mapping[str, str]) -> Response:
    """What one may see depends on the key."""
    response = jsonify(answer)
    response.headers.update(headers)
    response.vary.add("Authorization")
    return response
