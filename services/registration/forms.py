"""What comes in and what goes out, for pages and API alike: JSON in camelCase."""

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, get_args

from marshmallow import Schema, ValidationError, fields, validate
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.actions.keep_keys import Role
from services.registration.actions.sign_up import SignUp
from services.registration.queries import organisation_called
from services.registration.rules.addresses import MAX_LENGTH, BadAddressError, address_key
from services.registration.rules.decision import Refused, Wait
from shared.calendar.text import UncleanTextError, clean_line
from shared.events.contract import camel, schema_of
from shared.events.registration import GroupSeats, Status
from shared.i18n import LANGUAGES, N_, _, current_translator
from shared.times import UtcDateTime
from shared.web.api import PageQuery

_LONGEST_LINE = 200
_MOST_ANSWERS = 50

UNKNOWN_GROUP = N_("We do not know this role.")
"""Beside the field, for a code that is no target group."""


class _Form(Schema):
    """Names in Python's way inside, camelCase outside."""

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """``target_group`` comes in as ``targetGroup``."""
        field_obj.data_key = camel(field_name)


class _Line(fields.String):
    """One line of text without outer blanks (calendar rule 5)."""

    def _deserialize(self, *given: Any, **options: Any) -> str:
        """Refuse what no line may hold, and a required one that is empty."""
        try:
            line = clean_line(super()._deserialize(*given, **options))
        except UncleanTextError as error:
            raise ValidationError(
                N_("This text holds a character that cannot be used, such as an invisible one.")
            ) from error
        if self.required and not line:
            raise self.make_error("required")
        if len(line) > _LONGEST_LINE:
            raise ValidationError(N_("This is longer than we can keep: at most 200 characters."))
        return line


class _Codes(fields.String):
    """Codes in one field, separated by blanks or commas."""

    def _deserialize(self, *given: Any, **options: Any) -> Any:
        """The codes as a list."""
        return re.findall(r"[A-Za-z0-9-]+", super()._deserialize(*given, **options))


class Address(fields.String):
    """A mail address as typed, without outer blanks."""

    def _deserialize(self, *given: Any, **options: Any) -> str:
        """Refuse what mail cannot be sent to."""
        address = super()._deserialize(*given, **options).strip()
        if not address and self.required:
            raise self.make_error("required")
        try:
            address_key(address[: MAX_LENGTH + 1])
        except BadAddressError as error:
            raise ValidationError(N_("This is not a mail address, like name@example.nl.")) from error
        return address


class SignUpForm(_Form):
    """Someone who wants to take part. ``organisation`` is an official address, an exact name or free text."""

    name = _Line(required=True)
    email = Address(required=True)
    organisation = _Line(load_default="")
    target_group = _Line(required=True)
    language = fields.String(validate=validate.OneOf(LANGUAGES), load_default=lambda: current_translator().language)
    attendance = fields.String(validate=validate.OneOf(("venue", "online")), load_default="venue")
    answers = fields.Dict(keys=_Line(), values=_Line(), validate=validate.Length(max=_MOST_ANSWERS), load_default=dict)


class CancellationForm(_Form):
    """Why someone does not come, in their own words."""

    reason = _Line(load_default="")


class RegistrationsQuery(PageQuery):
    """Which registrations of a meeting."""

    status = fields.List(fields.String(validate=validate.OneOf(get_args(Status))), load_default=list)
    targetGroup = fields.List(fields.String(), load_default=list)  # noqa: N815  # as in the address


class AttendeesQuery(Schema):
    """Of which target groups."""

    targetGroup = fields.List(fields.String(), load_default=list)  # noqa: N815  # as in the address


class KeyForm(_Form):
    """A key for a program of an organiser; regions are codes, separated by blanks or commas."""

    role = fields.String(required=True, validate=validate.OneOf(get_args(Role)))
    name = _Line(required=True)
    regions = _Codes(load_default=list)


class SignInForm(_Form):
    """Whom to mail a sign-in link."""

    email = Address(required=True)


class AnswerOut(_Form):
    """What someone is told who signs up: no id and no link, those go by mail."""

    status = fields.String(required=True)
    place = fields.Integer()


class SeatsOut(_Form):
    """How full a meeting is."""

    capacity = fields.Integer()
    taken = fields.Integer()
    free = fields.Integer()
    waiting = fields.Integer()
    over_plan = fields.Integer()
    target_groups = fields.Dict(keys=fields.String(), values=fields.Nested(schema_of(GroupSeats)))


class RegistrationOut(_Form):
    """A registration, to those who may see it."""

    id = fields.String()
    meeting_id = fields.String()
    kind = fields.String()
    name = fields.String()
    email = fields.String(allow_none=True)
    organisation = fields.String()
    organisation_id = fields.String(allow_none=True)
    target_group = fields.String()
    status = fields.String()
    place = fields.Integer(allow_none=True)
    place_in_group = fields.Integer(allow_none=True)
    attendance = fields.String()
    language = fields.String()
    answers = fields.Dict(keys=fields.String(), values=fields.String())
    created_at = UtcDateTime()


class AttendeeOut(_Form):
    """One person who comes."""

    id = fields.String()
    name = fields.String()
    email = fields.String()
    organisation = fields.String()
    organisation_id = fields.String(allow_none=True)
    target_group = fields.String()
    attendance = fields.String()
    status = fields.String()


def wish(session: Session, form: Mapping[str, Any], idempotency_key: str | None) -> SignUp:
    """What the sign-up form asks, ready for the seat gate; an organisation that we know is linked."""
    organisation = organisation_called(session, form["organisation"]) if form["organisation"] else None
    return SignUp(
        name=form["name"],
        email=form["email"],
        address_key=address_key(form["email"]),
        target_group=form["target_group"],
        organisation=next(iter(organisation.labels.values())) if organisation else form["organisation"],
        organisation_id=organisation.code if organisation else None,
        language=form["language"],
        attendance=form["attendance"],
        answers=form["answers"],
        key=_digest(idempotency_key) if idempotency_key else None,
        body_hash=_digest(json.dumps(form, sort_keys=True)),
    )


def shown(row: Row[Any], wait: Wait | None) -> dict[str, Any]:
    """A registration for ``RegistrationOut``, with its place where it waits."""
    place, place_in_group = (wait.place, wait.place_in_group) if wait else (None, None)
    return {**row._asdict(), "place": place, "place_in_group": place_in_group}


_WHY_NOT = {
    "full": N_("All seats are taken, and this meeting has no waiting list."),
    "closed": N_("Signing up for this meeting is closed."),
    "not-yet-open": N_("Signing up for this meeting has not opened yet."),
    "not-eligible": N_("This meeting is not meant for this role."),
    "meeting-cancelled": N_("This meeting has been called off."),
    "meeting-unknown": N_("We do not know this meeting. If it was published a moment ago, try again."),
}


def why_not(refused: Refused) -> str:
    """A refusal in the reader's words."""
    return _(_WHY_NOT[refused.reason])


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
