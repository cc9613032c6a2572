"""Registrations: what one asks who signs up, and what is shown of it."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, get_args

from marshmallow import fields, validate
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.actions.sign_up import SignUp
from services.registration.forms.fields import Address, Form, Line
from services.registration.queries import organisation_called, organisation_of
from services.registration.rules.addresses import address_key
from services.registration.rules.decision import Wait
from shared.events.registration import Status
from shared.i18n import LANGUAGES, current_translator
from shared.times import UtcDateTime
from shared.web.api import PageQuery

_MOST_ANSWERS = 50


class SignUpForm(Form):
    """Someone who wants to take part. ``organisation`` is an official address, an exact name or free text."""

    name = Line(required=True)
    email = Address(required=True)
    organisation = Line(load_default="")
    target_group = Line(required=True)
    language = fields.String(validate=validate.OneOf(LANGUAGES), load_default=lambda: current_translator().language)
    attendance = fields.String(validate=validate.OneOf(("venue", "online")), load_default="venue")
    answers = fields.Dict(keys=Line(), values=Line(), validate=validate.Length(max=_MOST_ANSWERS), load_default=dict)


class CancellationForm(Form):
    """Why someone does not come, in their own words."""

    reason = Line(load_default="")


class RegistrationsQuery(PageQuery):
    """Which registrations of a meeting."""

    status = fields.List(fields.String(validate=validate.OneOf(get_args(Status))), load_default=list)
    targetGroup = fields.List(fields.String(), load_default=list)  # noqa: N815  # as in the address


class AnswerOut(Form):
    """What someone is told who signs up: no id and no link, those go by mail."""

    status = fields.String(required=True)
    place = fields.Integer()


class RegistrationOut(Form):
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


def wish(session: Session, form: Mapping[str, Any], idempotency_key: str | None) -> SignUp:
    """What the sign-up form asks, ready for the seat gate.

    An organisation that we know is linked; one that was not given is that of the address's domain, if we know it.
    """
    key = address_key(form["email"])
    named = form["organisation"]
    organisation = organisation_called(session, named) if named else organisation_of(session, key)
    return SignUp(
        name=form["name"],
        email=form["email"],
        address_key=key,
        target_group=form["target_group"],
        organisation=next(iter(organisation.labels.values())) if organisation else named,
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


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
