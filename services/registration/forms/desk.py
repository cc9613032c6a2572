"""What organisers do with registrations: decide, note, sign someone up."""

from collections.abc import Mapping
from typing import Any, get_args

from marshmallow import ValidationError, fields, validate, validates_schema
from sqlalchemy.orm import Session

from services.registration.forms.attendance import newcomer
from services.registration.forms.fields import Address, Paragraphs
from shared.db.transaction import new_id
from shared.events.registration import Status
from shared.i18n import LANGUAGES, N_, current_translator
from shared.web.fields import Form, Line

KINDS = ("participant", "speaker", "team")


class FoundQuery(Form):
    """Which registrations to show: of one status, of one target group, with a text in them.

    ``concern``: only people with a seat who left a question open (``unanswered``), or whom mail does not reach.
    """

    status = fields.String(validate=validate.OneOf(get_args(Status)), load_default="")
    target_group = Line(load_default="")
    q = Line(load_default="")
    concern = fields.String(validate=validate.OneOf(("", "unanswered", "mail-lost")), load_default="")
    page = fields.Integer(validate=validate.Range(min=1, max=10_000), load_default=1)


class ActForm(Form):
    """What an organiser decides about a registration. A seat by hand has to be accounted for."""

    act = fields.String(
        required=True, validate=validate.OneOf(("approve", "reject", "move-up", "change-group", "cancel"))
    )
    target_group = Line(load_default="")
    reason = Line(load_default="")

    @validates_schema
    def _accounted_for(self, given: Mapping[str, Any], **options: Any) -> None:
        """A seat by hand takes a reason."""
        del options
        if given["act"] == "move-up" and not given["reason"]:
            raise ValidationError(N_("Say why this person gets a seat."), "reason")


class ApprovalForm(Form):
    """Whether someone may take part; the reason is for the person."""

    approved = fields.Boolean(required=True)
    reason = Line(load_default="")


class MoveUpForm(Form):
    """Why someone gets a seat by hand."""

    reason = Line(load_default="")


class GroupForm(Form):
    """For which target group someone counts."""

    target_group = Line(required=True)
    reason = Line(load_default="")


class NoteForm(Form):
    """What organisers want to remember of someone."""

    note = Paragraphs(load_default="")


class EntryForm(Form):
    """Someone whom an organiser signs up. ``if_full``: wait, or go over the plan; ``key`` becomes the id."""

    key = fields.UUID(load_default=new_id)
    name = Line(required=True)
    email = Address(load_default=None)
    organisation = Line(load_default="")
    target_group = Line(required=True)
    kind = fields.String(validate=validate.OneOf(KINDS), load_default="participant")
    language = fields.String(validate=validate.OneOf(LANGUAGES), load_default=lambda: current_translator().language)
    attendance = fields.String(validate=validate.OneOf(("venue", "online")), load_default="venue")
    if_full = fields.String(validate=validate.OneOf(("wait", "go-over")), load_default=None)
    reason = Line(load_default="")


def entered(session: Session, form: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of someone whom ``EntryForm`` tells about."""
    return newcomer(session, form) | {name: form[name] for name in ("kind", "language", "attendance")}
