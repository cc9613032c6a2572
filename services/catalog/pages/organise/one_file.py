"""Where one file gets another name or audience, or is replaced by a newer one; its address stays."""

from dataclasses import dataclass, replace

from flask import Blueprint, redirect, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge

from services.catalog.actions.change_file import change_file, replace_content
from services.catalog.forms.files import FileForm
from services.catalog.forms.flaws import shown
from services.catalog.pages.organise.files import A_FORM, Page, locked_owner, there
from services.catalog.pages.organise.knowledge import SOMEONE_ELSE
from services.catalog.queries.file_owners import owner_by_id
from services.catalog.queries.files import file_by_id
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.files import MOST_BYTES, AttachedFile, FileDetails, SentFile
from services.catalog.rules.flaws import ConflictError, FlawedError
from services.catalog.rules.meeting import Meeting
from services.catalog.rules.reach import thing_of
from shared.db.transaction import Database, Transaction
from shared.i18n import _
from shared.people.roles import may
from shared.web.access import current_actor, permit, verb
from shared.web.bodies import takes
from shared.web.forms import Form, filled, read_form
from shared.web.problems import Problem


def organise_one_file_pages(database: Database, addresses: Addresses) -> Blueprint:
    """``/organise/files/{id}``: shows what is said of the file, and takes what is to be said or to be in it."""
    pages = Blueprint("organise_one_file", __name__, url_prefix="/organise/files")
    editor = _Editor(database, addresses)

    @pages.get("/<file_id>")
    @verb("file.change")
    def edit(file_id: str) -> Page:
        return editor.page(file_id, None)

    @pages.post("/<file_id>")
    @verb("file.change")
    @takes(MOST_BYTES + A_FORM)
    def change(file_id: str) -> Page:
        return editor.keep(file_id)

    @pages.errorhandler(RequestEntityTooLarge)
    def too_large(error: RequestEntityTooLarge) -> Page:
        del error
        form = Form()
        form.refuse("file", _("This file is larger than 15 MB."))
        return editor.page(str((request.view_args or {})["file_id"]), form, 413)

    return pages


@dataclass(frozen=True)
class _Editor:
    """The page of one file: what is refused stands beside the field, and nothing that was typed is lost."""

    database: Database
    addresses: Addresses

    def page(self, file_id: str, form: Form | None, status: int = 200) -> Page:
        """With ``form``, or with what is said of the file now. Raises ``Problem`` 404, 401 or 403."""
        with self.database.reading() as session:
            file = there(file_by_id(session, file_id))
            owner = there(owner_by_id(session, file.owner_kind, file.owner_id))
        if isinstance(owner, Meeting):
            permit("meeting.change", thing_of(owner))
        elif not may(current_actor(), "programme.change"):
            raise Problem(403)
        said = {"title": dict(file.title), "audience": file.audience, "shownFrom": file.shown_from}
        shown_form = form or filled(said | {"version": file.version})
        page = render_template("catalog/organise_file.html", file=file, owner=owner, form=shown_form)
        return page, status

    def keep(self, file_id: str) -> Page:
        """Keep what was typed, and what was sent, if anything was: both or nothing."""
        form, sent = read_form(FileForm()), request.files.get("file")
        if form.loaded is None:
            return self.page(file_id, form, 400)
        content = SentFile(sent.filename, sent.read()) if sent and sent.filename else None
        try:
            with self.database.begin() as tx:
                file = self._kept(tx, file_id, FileDetails(**form.loaded), content)
        except FlawedError as error:
            return self.page(file_id, replace(form, errors=shown(error.flaws)), 400)
        except ConflictError as error:
            form.refuse("", _(error.reason))
            return self.page(file_id, form, 409)
        place = "meetings" if file.owner_kind == "meeting" else "knowledge"
        return redirect(f"/organise/{place}/{file.owner_id}/files?done=changed", 303)

    def _kept(self, tx: Transaction, file_id: str, details: FileDetails, content: SentFile | None) -> AttachedFile:
        found = there(file_by_id(tx.session, file_id))
        owner = locked_owner(tx, found.owner_kind, found.owner_id)
        file = there(file_by_id(tx.session, file_id))  # as it is under the lock
        if request.form.get("version") != file.version:
            raise ConflictError("version-stale", SOMEONE_ELSE)
        changed = change_file(tx, owner, file, details, self.addresses)
        return replace_content(tx, owner, changed, content, self.addresses) if content else changed
