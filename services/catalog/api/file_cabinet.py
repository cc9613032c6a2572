"""What the operations on files have in common: looked up and locked for who may, read, and answered."""

from collections.abc import Mapping
from typing import Any, TypeVar

from flask import Response, request
from sqlalchemy.orm import Session

from services.catalog.actions.attach_file import attach_file
from services.catalog.api.one_meeting import as_json
from services.catalog.forms.files import FileForm, FileQuery, FileSaidForm, file_answer
from services.catalog.forms.flaws import as_problems
from services.catalog.queries.file_owners import lock_owner, owner_by_id
from services.catalog.queries.files import file_by_id, files_of
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.file_owners import Owner, may_have
from services.catalog.rules.files import MOST_BYTES, AttachedFile, FileDetails, OwnerKind, SentFile
from services.catalog.rules.meeting import Meeting
from services.catalog.rules.reach import may_see, thing_of
from shared.db.transaction import Database, Transaction
from shared.i18n import LANGUAGES, _
from shared.people.roles import may
from shared.web.access import current_actor, permit
from shared.web.api import etag, page_of, part_of
from shared.web.forms import read_form
from shared.web.json_body import read_json
from shared.web.problems import Invalid, Problem, invalid_input
from shared.web.reading import load, merge_patch, read_query

MULTIPART = "multipart/form-data"
_A_FORM = 100_000
"""Bytes of a form beside the file in it."""

Found = TypeVar("Found")


class Cabinet:
    """What all these operations have in common."""

    def __init__(self, database: Database, addresses: Addresses) -> None:
        self.database = database
        self.addresses = addresses

    def files(self, session: Session, kind: OwnerKind, owner: Owner) -> list[AttachedFile]:
        """Those that the caller may have. Raises ``Problem`` 404 where they may not know of the owner."""
        actor, now = current_actor(), self.database.clock()
        is_known = may_see(actor, owner) if isinstance(owner, Meeting) else not owner.is_draft or _may_change(owner)
        if not is_known:
            raise Problem(404, f"{kind}-unknown")
        return [file for file in files_of(session, kind, owner.id) if may_have(actor, file, owner, now)]

    def listed(self, kind: OwnerKind, owner_id: str) -> Response:
        """Answer a page of the files of an owner. Raises ``Problem`` 404."""
        page = page_of(read_query(FileQuery()))
        with self.database.reading() as session:
            owner = owner_by_id(session, kind, owner_id)
            if owner is None:
                raise Problem(404, f"{kind}-unknown")
            files, headers = part_of(self.files(session, kind, owner), page)
        return as_json([self._document(owner, file) for file in files], headers)

    def added(self, kind: OwnerKind, owner_id: str) -> Response:
        """Add the file that was sent, and answer it. Raises ``Problem`` 404, 401, 403, 415, 413, 400."""
        with self.database.begin() as tx:
            self._owner(tx, kind, owner_id)
        details, sent = _said(), sent_file()  # nobody waits for a lock while it comes in
        with self.database.begin() as tx, as_problems():
            owner = self._owner(tx, kind, owner_id)
            file = attach_file(tx, owner, details, sent, self.addresses)
        response = self.answer(owner, file)
        response.status_code, response.location = 201, f"{self.addresses.base_url}/v1/files/{file.id}"
        return response

    def locked(self, tx: Transaction, file_id: str) -> tuple[Owner, AttachedFile]:
        """A file and its owner under its lock, for who may change it. Raises ``Problem`` 404, 401 or 403."""
        file = there(file_by_id(tx.session, file_id), "file-unknown")
        owner = self._owner(tx, file.owner_kind, file.owner_id)
        return owner, there(file_by_id(tx.session, file_id), "file-unknown")

    def answer(self, owner: Owner, file: AttachedFile) -> Response:
        """The file as it is now, with the version that a change must name."""
        return as_json(self._document(owner, file), etag(file.version))

    def _document(self, owner: Owner, file: AttachedFile) -> Mapping[str, Any]:
        return file_answer(file, self.addresses, organises=_may_change(owner))

    def _owner(self, tx: Transaction, kind: OwnerKind, owner_id: str) -> Owner:
        owner = lock_owner(tx.session, kind, owner_id)
        if owner is None:
            raise Problem(404, f"{kind}-unknown")
        if isinstance(owner, Meeting):
            permit("meeting.change", thing_of(owner))
        elif not _may_change(owner):
            raise Problem(403)
        return owner


def _may_change(owner: Owner) -> bool:
    if isinstance(owner, Meeting):
        return may(current_actor(), "meeting.change", thing_of(owner))
    return may(current_actor(), "programme.change")


def details_of(document: Mapping[str, Any]) -> FileDetails:
    """What a file's ``document`` says once the merge patch that was sent is on it. Raises ``Problem`` 415, 413, 400."""
    return FileDetails(**load(FileForm(), merge_patch(document, read_json())))


def _said() -> FileDetails:
    """What the parts of a form say of a file. Raises ``Problem`` 415, 413, 400."""
    _let_it_come()
    form = read_form(FileSaidForm())
    if form.loaded is None:
        raise invalid_input(form.errors)
    titles = {language: form.loaded.get(f"title_{language}") for language in LANGUAGES}
    return FileDetails(
        title={language: title for language, title in titles.items() if title},
        audience=form.loaded["audience"],
        shown_from=form.loaded["shown_from"],
    )


def sent_file() -> SentFile:
    """The part ``file`` of a form. Raises ``Problem`` 415, 413, 400."""
    _let_it_come()
    file = request.files.get("file")
    if file is None or not file.filename:
        raise invalid_input([Invalid("file", _("Choose a file."), "required")])
    return SentFile(file.filename, file.read())


def _let_it_come() -> None:
    if request.mimetype != MULTIPART:
        raise Problem(415, headers={"Accept": MULTIPART})
    request.max_content_length = MOST_BYTES + _A_FORM


def there(found: Found | None, problem: str) -> Found:
    """What was looked up. Raises ``Problem`` 404."""
    if found is None:
        raise Problem(404, problem)
    return found
