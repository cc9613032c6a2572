"""One file for programs: shown, changed, replaced and taken away."""

from flask import Response
from flask.views import MethodView

from services.catalog.actions.change_file import change_file, replace_content
from services.catalog.actions.detach_file import detach_file
from services.catalog.api.file_cabinet import MULTIPART, Cabinet, details_of, sent_file, there
from services.catalog.forms.files import ContentForm, FileAnswer, FileForm
from services.catalog.forms.flaws import as_problems
from services.catalog.queries.file_owners import owner_by_id
from services.catalog.queries.files import file_by_id
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.file_owners import may_have
from shared.db.transaction import Database
from shared.i18n import N_
from shared.web.access import current_actor, verb
from shared.web.api import Blueprint, require_match
from shared.web.json_body import MERGE_PATCH
from shared.web.problems import Problem

_ONE = "/files/<file_id>"


def one_file_api(database: Database, addresses: Addresses) -> Blueprint:
    """The routes under ``/v1/files``."""
    api = Blueprint("one_file", __name__, url_prefix="/v1", description=N_("Files of meetings and knowledge"))
    cabinet = Cabinet(database, addresses)

    @api.route(_ONE)
    class OneFile(MethodView):
        @verb("meeting.read")
        @api.refuses("file-unknown")
        @api.response(200, FileAnswer)
        def get(self, file_id: str) -> Response:
            """Show what is said of a file; its content is at its ``url``."""
            with database.reading() as session:
                file = there(file_by_id(session, file_id), "file-unknown")
                owner = owner_by_id(session, file.owner_kind, file.owner_id)
                if owner is None or not may_have(current_actor(), file, owner, database.clock()):
                    raise Problem(404, "file-unknown")
            return cabinet.answer(owner, file)

        @verb("file.change")
        @api.accepts(FileForm, content_type=MERGE_PATCH)
        @api.honours("If-Match")
        @api.refuses("file-unknown")
        @api.response(200, FileAnswer)
        def patch(self, file_id: str) -> Response:
            """Change by a merge patch what a file is called, whom it is for and from when."""
            with database.begin() as tx, as_problems():
                owner, file = cabinet.locked(tx, file_id)
                require_match(file.version)
                document = {"title": dict(file.title), "audience": file.audience, "shownFrom": file.shown_from}
                return cabinet.answer(owner, change_file(tx, owner, file, details_of(document), addresses))

        @verb("file.change")
        @api.honours("If-Match")
        @api.refuses("file-unknown", "file-needed")
        @api.response(204)
        def delete(self, file_id: str) -> Response:
            """Take a file away."""
            with database.begin() as tx, as_problems():
                owner, file = cabinet.locked(tx, file_id)
                require_match(file.version)
                detach_file(tx, owner, file, addresses)
            return Response(status=204)

    @api.route(f"{_ONE}/content")
    class Content(MethodView):
        @verb("file.change")
        @api.accepts(ContentForm, content_type=MULTIPART)
        @api.honours("If-Match")
        @api.refuses("file-unknown")
        @api.response(200, FileAnswer)
        def put(self, file_id: str) -> Response:
            """Put another file in its place: address, title and audience stay."""
            with database.begin() as tx:
                require_match(cabinet.locked(tx, file_id)[1].version)
            sent = sent_file()  # nobody waits for a lock while it comes in
            with database.begin() as tx, as_problems():
                owner, file = cabinet.locked(tx, file_id)
                require_match(file.version)
                return cabinet.answer(owner, replace_content(tx, owner, file, sent, addresses))

    return api
