"""What one asks who signs up, and what they are told."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from marshmallow import fields, validate, validates_schema
from sqlalchemy import Row

from services.registration.forms.fields import Address, Answer, Paragraphs, Phone
from services.registration.forms.objections import refuse
from services.registration.forms.questions import FirstQuestionForm
from services.registration.queries.references import Workplace
from services.registration.rules.addresses import address_key
from services.registration.rules.asking import Asking, objections
from services.registration.rules.questions import kept
from services.registration.rules.sign_ups import SignUp
from shared.i18n import LANGUAGES, current_translator
from shared.web.fields import Form, Line
from shared.web.limits import allow_post_from_crowd

_MOST_ANSWERS = 50


class NeedsForm(Form):
    """What someone needs who comes: both are sensitive."""

    access = Paragraphs(load_default="")
    diet = Paragraphs(load_default="")


class ChoicesForm(Form):
    """What a meeting asks besides who one is. ``asking`` is of the meeting; without it nothing is held against it."""

    sessions = fields.List(Line(), validate=validate.Length(max=_MOST_ANSWERS), load_default=list)
    answers = fields.Dict(keys=Line(), values=Answer(), validate=validate.Length(max=_MOST_ANSWERS), load_default=dict)
    needs = fields.Nested(NeedsForm, load_default=dict)
    phone = Phone()
    listed = fields.Boolean(load_default=False)
    last_moment = fields.Boolean(load_default=False)

    def __init__(self, asking: Asking | None = None) -> None:
        super().__init__()
        self.asking = asking

    @property
    def several(self) -> list[str]:
        """The names of the questions that may have more than one answer."""
        questionnaire = self.asking.questionnaire if self.asking else ()
        return [f"answers.{question.id}" for question in questionnaire if question.kind == "several"]

    @validates_schema(skip_on_field_errors=False)
    def fits_the_meeting(self, wish: Mapping[str, Any], **_options: Any) -> None:
        """Object to all that does not fit at once, beside what could not be understood."""
        if self.asking is not None:
            refuse(objections(self.asking, wish))


class WhoForm(Form):
    """Who someone is."""

    name = Line(required=True)
    email = Address(required=True)
    language = fields.String(validate=validate.OneOf(LANGUAGES), load_default=lambda: current_translator().language)


class RoleForm(Form):
    """In which role someone takes part."""

    target_group = Line(required=True)


class WorkplaceForm(Form):
    """Where someone works. ``organisation`` is an official address, an exact name or free text."""

    organisation = Line(load_default="")


class PlaceForm(Form):
    """Where someone takes part."""

    attendance = fields.String(validate=validate.OneOf(("venue", "online")))
    online_if_full = fields.Boolean(load_default=False)


class BringForm(Form):
    """The question that somebody brings who signs up."""

    question = fields.Nested(FirstQuestionForm, load_default=dict)


class CopyForm(Form):
    """The address of whoever signs someone else up and wants a copy."""

    copy_to = Address()


class PersonForm(PlaceForm, WorkplaceForm, RoleForm, WhoForm):
    """Who signs up."""


class SignUpForm(CopyForm, BringForm, ChoicesForm, PersonForm):
    """Someone who wants to take part. The fields of the classes follow each other, the last first, as on the page."""


class KnownForm(BringForm, ChoicesForm, PlaceForm, RoleForm):
    """The same of someone whom we know by their own link: they type nothing."""


class AnswerOut(Form):
    """What someone is told who signs up: no id and no link, those go by mail."""

    status = fields.String(required=True)
    place = fields.Integer()


def wish(asking: Asking, form: Mapping[str, Any], where: Workplace, idempotency_key: str | None) -> SignUp:
    """What the sign-up form asks, ready for the seat gate, of someone who works ``where``."""
    key = address_key(form["email"])
    organisation, organisation_id = where
    brought = form.get("question", {})  # for a series nobody brings one
    return SignUp(
        name=form["name"],
        email=form["email"],
        address_key=key,
        target_group=form["target_group"],
        organisation=organisation,
        organisation_id=organisation_id,
        language=form["language"],
        attendance=asking.attendance(form.get("attendance")),
        online_if_full=form["online_if_full"],
        sessions=form["sessions"],
        answers=kept(asking.questionnaire, form["target_group"], form["answers"]),
        needs={need: text for need, text in form["needs"].items() if text},
        phone=form.get("phone"),
        listed=form["listed"],
        last_moment=form["last_moment"],
        question=brought.get("text", ""),
        question_theme=asking.theme_of(brought),
        copy_to=form.get("copy_to"),
        key=digest(idempotency_key) if idempotency_key else None,
        body_hash=digest(json.dumps(form, sort_keys=True)) if idempotency_key else "",
    )


def known_wish(asking: Asking, form: Mapping[str, Any], row: Row[Any], idempotency_key: str | None) -> SignUp:
    """The same of a loaded ``KnownForm``, for the person in ``row`` of another registration."""
    person = {"name": row.name, "email": row.email, "language": row.language}
    return wish(asking, {**form, **person}, (row.organisation, row.organisation_id), idempotency_key)


def allow_sign_up(form: Mapping[str, Any], meeting_id: str | None = None) -> bool:
    """Count this request for the limits, also for the address that gets a copy. Raises ``TooMany``.

    Gives whether so many come from its network that the address has to confirm it first.
    """
    is_crowded = allow_post_from_crowd("sign-up", address=address_key(form["email"]), meeting_id=meeting_id)
    if copy_to := form.get("copy_to"):
        allow_post_from_crowd("copy", address=address_key(copy_to))
    return is_crowded


def digest(text: str) -> str:
    """What a key or a request is known by."""
    return sha256(text.encode()).hexdigest()
