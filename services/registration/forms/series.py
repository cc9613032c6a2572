"""Signing up for more meetings of a series at once."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from marshmallow import fields, validate, validates_schema
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.forms.objections import refuse
from services.registration.forms.sign_up import CopyForm, PersonForm, wish
from services.registration.queries.meetings import asking_of
from services.registration.queries.references import workplace
from services.registration.rules.addresses import address_key
from services.registration.rules.asking import objections_to_series
from services.registration.rules.sign_ups import SignUp
from shared.web.description import ProblemDocument
from shared.web.fields import Form, Line

ALL = "all"
_MOST_MEETINGS = 100
_NOTHING_CHOSEN: Mapping[str, Any] = {"sessions": [], "answers": {}, "needs": {}}


class Meetings(fields.List[Any]):
    """Ids of meetings, or ``all`` for every coming one of the series."""

    def _deserialize(self, value: Any, *given: Any, **options: Any) -> list[Any]:
        """``all`` may stand alone or in a list."""
        return super()._deserialize([value] if value == ALL else value, *given, **options)


class MeetingsForm(Form):
    """For which meetings of a series."""

    meetings = Meetings(Line(), required=True, validate=validate.Length(min=1, max=_MOST_MEETINGS))


class SeriesForm(CopyForm, PersonForm, MeetingsForm):
    """Someone who wants to take part in ``meetings``. What a meeting asks is answered later, by the link in the mail.

    ``groups`` (codes) and ``coming`` (ids) say what is known; without them nothing is held against it.
    """

    listed = fields.Boolean(load_default=False)
    last_moment = fields.Boolean(load_default=False)

    def __init__(self, groups: Collection[str] = (), coming: Collection[str] = ()) -> None:
        super().__init__()
        self.groups = groups
        self.coming = {*coming, ALL}

    @validates_schema(skip_on_field_errors=False)
    def fits_the_series(self, given: Mapping[str, Any], **_options: Any) -> None:
        """Object to a role and to meetings that nobody knows, beside what could not be understood."""
        refuse(objections_to_series(self.groups, self.coming, given))


class ShortProblem(ProblemDocument):
    """Why there is no seat at one of the meetings."""

    class Meta:
        """The members that differ per meeting."""

        fields = ("type", "title", "status", "detail")


class SeriesAnswerOut(Form):
    """What someone is told about one of the meetings: how it stands, or the problem."""

    meeting_id = fields.String(required=True)
    status = fields.String()
    place = fields.Integer()
    problem = fields.Nested(ShortProblem)


def wishes(
    session: Session, coming: Sequence[Row[Any]], form: Mapping[str, Any], idempotency_key: str | None
) -> list[tuple[Row[Any], SignUp]]:
    """What the form asks of each of the chosen meetings, ready for the seat gate; each has a key of its own."""
    key = idempotency_key and f"series {idempotency_key}"
    where = workplace(session, form["organisation"], address_key(form["email"]))
    return [
        (row, wish(asking_of(session, row), {**form, **_NOTHING_CHOSEN}, where, key))
        for row in coming
        if ALL in form["meetings"] or row.id in form["meetings"]
    ]
