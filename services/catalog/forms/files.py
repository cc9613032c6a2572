"""A file as an editor gives it, and as programs get it."""

from typing import Any

from marshmallow import fields, validate

from services.catalog.forms.fields import Line, lines
from services.catalog.forms.reference import Labels
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.files import AttachedFile
from shared.i18n import N_
from shared.times import UtcDateTime
from shared.web.api import PageQuery
from shared.web.fields import Form


class FileForm(Form):
    """What is said about a file; the file itself comes beside it."""

    title = lines(load_default=dict)
    audience = fields.String(load_default="all", validate=validate.OneOf(("all", "participants")))
    shown_from = fields.String(load_default="now", validate=validate.OneOf(("now", "end")))


class ContentForm(Form):
    """A file itself."""

    file = fields.Raw(required=True, metadata={"type": "string", "format": "binary"})


class FileSaidForm(Form):
    """The same as the parts of a form, which know no objects in objects."""

    title_nl = Line(metadata={"description": N_("Left open: the name of the file")})
    title_en = Line()
    audience = fields.String(load_default="all", validate=validate.OneOf(("all", "participants")))
    shown_from = fields.String(load_default="now", validate=validate.OneOf(("now", "end")))


class FileSentForm(FileSaidForm, ContentForm):
    """A file, and what is said about it: all parts of the form."""


class FileQuery(PageQuery):
    """Which part of the list."""


class FileAnswer(Form):
    """A file as programs get it; ``size`` in bytes.

    ``participants_url`` is for organisers: the address that stands in mails to people with a seat.
    """

    id = fields.String()
    meeting_id = fields.String(allow_none=True)
    knowledge_id = fields.String(allow_none=True)
    title = fields.Nested(Labels)
    name = fields.String()
    media_type = fields.String()
    size = fields.Integer()
    audience = fields.String()
    shown_from = fields.String()
    added_at = UtcDateTime()
    url = fields.String()
    participants_url = fields.String(allow_none=True)


def file_answer(file: AttachedFile, addresses: Addresses, *, organises: bool) -> dict[str, Any]:
    """``file`` as JSON-ready values, for who ``organises`` what it hangs on and for who does not."""
    is_of_meeting = file.owner_kind == "meeting"
    for_some = organises and file.audience == "participants"
    beside = {
        "meeting_id": file.owner_id if is_of_meeting else None,
        "knowledge_id": None if is_of_meeting else file.owner_id,
        "url": addresses.file(file.id),
        "participants_url": addresses.file_for_participants(file.id) if for_some else None,
    }
    answer: dict[str, Any] = FileAnswer().dump({**vars(file), **beside})
    return answer
