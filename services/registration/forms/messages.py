"""Messages to those who signed up."""

from collections.abc import Mapping
from typing import Any, get_args
from uuid import UUID, uuid5

from marshmallow import fields, validate

from services.registration.actions.write_message import Message, Segment
from services.registration.forms.fields import Paragraphs
from shared.db.transaction import new_id
from shared.events.registration import Status
from shared.i18n import N_
from shared.times import UtcDateTime
from shared.web.fields import Form, Line

_LONGEST = 5_000
_CHOOSE = validate.Length(min=1, error=N_("Choose at least one."))


class MessageForm(Form):
    """What is said, and to whom. ``key``: the same form sent twice is one message."""

    key = fields.UUID(load_default=new_id)
    statuses = fields.List(fields.String(validate=validate.OneOf(get_args(Status))), required=True, validate=_CHOOSE)
    target_groups = fields.List(Line(), load_default=list)
    regions = fields.List(Line(), load_default=list)
    subject = Line(required=True)
    text = Paragraphs(_LONGEST, required=True)
    urgent = fields.Boolean(load_default=False)


class SegmentOut(Form):
    """To whom."""

    statuses = fields.List(fields.String())
    target_groups = fields.List(fields.String(), attribute="targetGroups")
    regions = fields.List(fields.String())


class MessageOut(Form):
    """A message that was sent, and to how many."""

    id = fields.String()
    subject = fields.String()
    text = fields.String()
    urgent = fields.Boolean()
    segment = fields.Nested(SegmentOut)
    recipients = fields.Integer()
    written_at = UtcDateTime()


class CountOut(Form):
    """To how many a message goes."""

    id = fields.String()
    recipients = fields.Integer()


def message_in(form: Mapping[str, Any], meeting_id: str) -> Message:
    """The message of a loaded ``MessageForm``; the same key at another meeting is another message."""
    to = Segment(statuses=form["statuses"], target_groups=form["target_groups"], regions=form["regions"])
    id_ = str(uuid5(UUID(str(form["key"])), meeting_id))
    return Message(id=id_, subject=form["subject"], text=form["text"], to=to, urgent=form["urgent"])
