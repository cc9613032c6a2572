"""Where organisers hang files on a meeting and editors on a piece of knowledge."""

from dataclasses import dataclass, replace
from typing import TypeVar

from flask import Blueprint, redirect, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from services.catalog.actions.attach_file import attach_file
from services.catalog.actions.detach_file import detach_file
from services.catalog.forms.files import FileForm
from services.catalog.forms.flaws import shown
from services.catalog.queries.file_owners import lock_owner, owner_by_id
from services.catalog.queries.files import file_by_id, files_of
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.file_owners import Owner
from services.catalog.rules.files import MOST_BYTES, FileDetails, OwnerKind, SentFile
from services.catalog.rules.flaws import ConflictError, FlawedError
from services.catalog.rules.meeting import Meeting
from services.catalog.rules.reach import thing_of
from shared.db.transaction import Database, Transaction
from shared.i18n import _
from shared.people.roles import may
from shared.web.access import current_actor, permit, verb
from shared.web.bodies import takes
from shared.web.forms import Form, read_form
from shared.web.problems import Problem

A_FORM = 100_000
"""Bytes of a form beside the file in it."""

Page = tuple[str, int] | Response
Found = TypeVar("Found")


def organise_file_pages(database: Database, addresses: Addresses) -> Blueprint:
    """``/organise/meetings/{id}/files``, ``/organise/knowledge/{id}/files`` and what takes a file away."""
    pages = Blueprint("organise_files", __name__, url_prefix="/organise")
    desk = _Desk(database, addresses)

    @pages.get("/meetings/<meeting_id>/files", endpoint="meeting")
    @verb("draft.read")
    def of_meeting(meeting_id: str) -> Page:
        return desk.page("meeting", meeting_id, Form())

    @pages.post("/meetings/<meeting_id>/files", endpoint="attach_to_meeting")
    @verb("meeting.change")
    @takes(MOST_BYTES + A_FORM)
    def attach_to_meeting(meeting_id: str) -> Page:
        return desk.attach("meeting", meeting_id)

    @pages.get("/knowledge/<owner_id>/files", endpoint="knowledge")
    @verb("programme.read")
    def of_knowledge(owner_id: str) -> Page:
        return desk.page("knowledge", owner_id, Form())

    @pages.post("/knowledge/<owner_id>/files", endpoint="attach_to_knowledge")
    @verb("programme.change")
    @takes(MOST_BYTES + A_FORM)
    def attach_to_knowledge(owner_id: str) -> Page:
        return desk.attach("knowledge", owner_id)

    @pages.post("/files/<file_id>/removal")
    @verb("file.change")
    def remove(file_id: str) -> Page:
        return desk.detach(file_id)

    @pages.errorhandler(RequestEntityTooLarge)
    def too_large(error: RequestEntityTooLarge) -> Page:
        del error
        kind: OwnerKind = "meeting" if request.endpoint == "organise_files.attach_to_meeting" else "knowledge"
        form = Form()
        form.refuse("file", _("This file is larger than 15 MB."))
        (owner_id,) = (request.view_args or {}).values()
        return desk.page(kind, owner_id, form, 413)

    return pages


@dataclass(frozen=True)
class _Desk:
    """The files of one owner: what is refused stands beside the field."""

    database: Database
    addresses: Addresses

    def page(self, kind: OwnerKind, owner_id: str, form: Form, status: int = 200) -> Page:
        with self.database.reading() as session:
            owner = there(owner_by_id(session, kind, owner_id))
            if isinstance(owner, Meeting):
                permit("draft.read", thing_of(owner))
            page = render_template(
                "catalog/organise_files.html",
                kind=kind,
                owner=owner,
                files=files_of(session, kind, owner_id),
                form=form,
                done=request.args.get("done"),
                addresses=self.addresses,
            )
        return page, status

    def attach(self, kind: OwnerKind, owner_id: str) -> Page:
        form, file = read_form(FileForm()), request.files.get("file")
        if form.loaded is None:
            return self.page(kind, owner_id, form, 400)
        content = file.read() if file else b""
        if not file or not file.filename:
            form.refuse("file", _("Choose a file."))
            return self.page(kind, owner_id, form, 400)
        try:
            with self.database.begin() as tx:
                owner = locked_owner(tx, kind, owner_id)
                sent = SentFile(file.filename, content)
                attach_file(tx, owner, FileDetails(**form.loaded), sent, self.addresses)
        except FlawedError as error:
            return self.page(kind, owner_id, replace(form, errors=shown(error.flaws)), 400)
        return _done(kind, owner_id, "added")

    def detach(self, file_id: str) -> Page:
        with self.database.reading() as session:
            file = there(file_by_id(session, file_id))
        kind, owner_id = file.owner_kind, file.owner_id
        try:
            with self.database.begin() as tx:
                owner = locked_owner(tx, kind, owner_id)
                detach_file(tx, owner, there(file_by_id(tx.session, file_id)), self.addresses)
        except ConflictError as error:
            form = Form()
            form.refuse("", _(error.reason))
            return self.page(kind, owner_id, form, 409)
        return _done(kind, owner_id, "removed")


def locked_owner(tx: Transaction, kind: OwnerKind, owner_id: str) -> Owner:
    """The owner under its lock, for who may change it. Raises ``Problem`` 404, 401 or 403."""
    if kind == "knowledge" and not may(current_actor(), "programme.change"):
        raise Problem(403)
    owner = lock_owner(tx.session, kind, owner_id)
    if owner is None:
        raise Problem(404)
    if isinstance(owner, Meeting):
        permit("meeting.change", thing_of(owner))
    return owner


def there(found: Found | None) -> Found:
    """What was looked up. Raises ``Problem`` 404."""
    if found is None:
        raise Problem(404)
    return found


def _done(kind: OwnerKind, owner_id: str, what: str) -> Response:
    place = "meetings" if kind == "meeting" else "knowledge"
    return redirect(f"/organise/{place}/{owner_id}/files?done={what}", 303)
