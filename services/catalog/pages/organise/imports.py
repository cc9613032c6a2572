"""Where organisers take over meetings from a file or an address: what each would become is shown before it is saved."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import Row
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from services.catalog.actions.import_meetings import import_meetings
from services.catalog.actions.keep_upload import keep_upload, note_saved
from services.catalog.forms.flaws import in_words
from services.catalog.forms.imports import ImportForm, Meetings, fetched, kind_of, proposals, read_meetings
from services.catalog.forms.uploads import RESULTS, as_content, as_meetings, as_taken, proposal_rows, taken_rows
from services.catalog.pages.organise.saving import AT_ONCE, begin_saving, is_being_saved
from services.catalog.queries import imports as queries
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.history import author_of
from shared.calendar.remarks import RefusedFileError
from shared.calendar.stream import MOST_BYTES
from shared.db.transaction import Database
from shared.i18n import gettext as _
from shared.web.access import current_actor, verb
from shared.web.app import periods_here
from shared.web.bodies import takes
from shared.web.fetching import Fetcher, FetchError
from shared.web.forms import Form, read_form
from shared.web.policy import SCRIPTED
from shared.web.problems import Problem

Page = tuple[str, int] | Response

_A_FORM = 100_000
"""Bytes of a form beside the file in it."""


def import_pages(database: Database, addresses: Addresses, fetcher: Fetcher) -> Blueprint:
    """The pages under ``/organise/imports``."""
    pages = Blueprint("organise_imports", __name__, url_prefix="/organise/imports")
    shown = _Imports(database, addresses, fetcher)

    @pages.get("")
    @verb("meeting.draft")
    def choose() -> Page:
        return shown.form(Form())

    @pages.post("")
    @verb("meeting.draft")
    @takes(MOST_BYTES + _A_FORM)
    def hand_in() -> Page:
        return shown.hand_in()

    @pages.get("/<upload_id>")
    @verb("meeting.draft")
    def show(upload_id: str) -> Page:
        return shown.show(upload_id)

    @pages.post("/<upload_id>")
    @verb("meeting.draft")
    def save(upload_id: str) -> Page:
        return shown.save(upload_id)

    return pages


@dataclass(frozen=True)
class _Imports:
    """From a file to drafts, in three steps."""

    database: Database
    addresses: Addresses
    fetcher: Fetcher

    def form(self, form: Form, status: int = 200) -> Page:
        """Where a file is handed in, and those of today are found again."""
        with self.database.reading() as session:
            uploads = queries.uploads_of(session, author_of(current_actor()))
        return render_template("catalog/organise_imports.html", form=form, uploads=uploads), status

    def hand_in(self) -> Page:
        """Keep what was sent, or what stands at the address; say why where that cannot be."""
        form = read_form(ImportForm())
        file, address = request.files.get("file"), form.value("address")
        try:
            content = fetched(self.fetcher, address) if address else file.read() if file else b""
        except FetchError as error:
            form.refuse("address", _(error.reason))
            return self.form(form, 400)
        field, name = ("address", address) if address else ("file", file.filename or "" if file else "")
        if not content:
            form.refuse(field, _("Choose a file, or give an address."))
            return self.form(form, 400)
        try:
            found = read_meetings(content, kind_of(content), self.database.clock())
        except RefusedFileError as error:
            form.refuse(field, _(error.remark.reason, **error.remark.values))
            return self.form(form, 400)
        with self.database.begin() as tx:
            source = (address or found.name or name)[:500]
            id_ = keep_upload(tx, author_of(current_actor()), source, name[:500], as_content(found))
        return redirect(url_for("organise_imports.show", upload_id=id_), 303)

    def show(self, upload_id: str) -> Page:
        with self.database.reading() as session:
            upload = _kept(session, upload_id)
            if upload.saved_at:
                return _preview(upload, taken_rows(upload.content), [], [])
            if is_being_saved(upload):
                return _being_saved(upload)
            found = as_meetings(upload.source, upload.content)
            rows = proposal_rows(
                proposals(session, current_actor(), upload.owner, found.candidates, periods_here().attendees)
            )
            gone = queries.vanished(session, upload.owner, upload.source, found.keys, self.database.clock())
            return _preview(upload, rows, [in_words([note]) for note in found.notes], gone)

    def save(self, upload_id: str) -> Page:
        """Save what was shown, as it would be by now; twice is once. A large file goes on by itself."""
        with self.database.reading() as session:
            upload = _kept(session, upload_id)
            found = _found(upload)
        if is_being_saved(upload) or len(found.candidates) > AT_ONCE:
            with self.database.begin() as tx:
                begin_saving(tx, upload_id, current_actor())
        else:
            self._save_at_once(upload_id, found.uids)
        return redirect(url_for("organise_imports.show", upload_id=upload_id), 303)

    def _save_at_once(self, upload_id: str, uids: set[str]) -> None:
        with self.database.begin() as tx:
            queries.lock_entries(tx.session, author_of(current_actor()), uids)
            upload = _kept(tx.session, upload_id)
            if not upload.saved_at:
                proposed = proposals(
                    tx.session, current_actor(), upload.owner, _found(upload).candidates, periods_here().attendees
                )
                taken = import_meetings(tx, proposed, upload.owner, upload.source, self.addresses)
                note_saved(tx, upload.id, as_taken(taken))


def _found(upload: Row[Any]) -> Meetings:
    """What the file holds; nothing any more once it was saved."""
    return Meetings("", ()) if upload.saved_at else as_meetings(upload.source, upload.content)


def _kept(session: Session, upload_id: str) -> Row[Any]:
    """What whoever asks handed in. Raises ``Problem`` 404, also after a day."""
    upload = queries.upload(session, author_of(current_actor()), upload_id)
    if upload is None:
        raise Problem(404)
    return upload


def _being_saved(upload: Row[Any]) -> Response:
    """How far a large file is; its script asks again."""
    done, total = len(upload.content["taken"]), upload.content["total"]
    page = render_template("catalog/organise_saving.html", upload=upload, done=done, total=total)
    return Response(page, headers=SCRIPTED)


def _preview(
    upload: Row[Any], rows: Sequence[Mapping[str, Any]], notes: Sequence[str], gone: Sequence[queries.Vanished]
) -> Page:
    page = render_template(
        "catalog/organise_import.html",
        upload=upload,
        rows=rows,
        notes=notes,
        vanished=gone,
        counts=Counter(row["result"] for row in rows),
        results={name: _(words) for name, words in RESULTS.items()},
    )
    return page, 200
