"""Files for programs: those of a meeting and of a piece of knowledge, listed, given in one, and added."""

from flask import Response
from flask.views import MethodView

from services.catalog.api.file_cabinet import MULTIPART, Cabinet, there
from services.catalog.forms.files import FileAnswer, FileQuery, FileSentForm
from services.catalog.forms.given_files import packed
from services.catalog.queries import meeting_by_id
from services.catalog.rules.addresses import Addresses
from shared.db.transaction import Database
from shared.i18n import N_
from shared.web.access import verb
from shared.web.api import Blueprint
from shared.web.problems import Problem


def files_api(database: Database, addresses: Addresses) -> Blueprint:
    """``/v1/meetings/{id}/files``, all of them in one, and ``/v1/knowledge/{id}/files``."""
    api = Blueprint("files_api", __name__, url_prefix="/v1", description=N_("Files of meetings and knowledge"))
    cabinet = Cabinet(database, addresses)

    @api.route("/meetings/<meeting_id>/files")
    class MeetingFiles(MethodView):
        @verb("meeting.read")
        @api.asks(FileQuery)
        @api.refuses("meeting-unknown")
        @api.response(200, FileAnswer(many=True))
        def get(self, meeting_id: str) -> Response:
            """List the files of a meeting that you may have, in the order in which they came."""
            return cabinet.listed("meeting", meeting_id)

        @verb("meeting.change")
        @api.accepts(FileSentForm, content_type=MULTIPART)
        @api.refuses("meeting-unknown")
        @api.response(201, FileAnswer, headers={"ETag": {}, "Location": {}})
        def post(self, meeting_id: str) -> Response:
            """Add a file to a meeting: PDF, slides, a sheet or a picture of at most 15 MB."""
            return cabinet.added("meeting", meeting_id)

    @api.route("/meetings/<meeting_id>/files/archive")
    class Archive(MethodView):
        @verb("meeting.read")
        @api.refuses("meeting-unknown", "files-missing")
        @api.gives("application/zip")
        @api.response(200)
        def get(self, meeting_id: str) -> Response:
            """Give all files of a meeting that you may have, in one ZIP."""
            with database.reading() as session:
                meeting = there(meeting_by_id(session, meeting_id), "meeting-unknown")
                files = cabinet.files(session, "meeting", meeting)
            if not files:
                raise Problem(404, "files-missing")
            return packed(database, f"{meeting.slug}.zip", files)

    @api.route("/knowledge/<item_id>/files")
    class KnowledgeFiles(MethodView):
        @verb("knowledge.read")
        @api.asks(FileQuery)
        @api.refuses("knowledge-unknown")
        @api.response(200, FileAnswer(many=True))
        def get(self, item_id: str) -> Response:
            """List the files of a piece of knowledge, in the order in which they came."""
            return cabinet.listed("knowledge", item_id)

        @verb("programme.change")
        @api.accepts(FileSentForm, content_type=MULTIPART)
        @api.refuses("knowledge-unknown")
        @api.response(201, FileAnswer, headers={"ETag": {}, "Location": {}})
        def post(self, item_id: str) -> Response:
            """Add a file to a piece of knowledge; it is for everyone who may read that."""
            return cabinet.added("knowledge", item_id)

    return api
