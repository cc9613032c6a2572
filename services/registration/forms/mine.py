"""What people say about their own registration: an answer, a colleague, a second person, other details."""

from collections.abc import Mapping
from typing import Any, Literal

from marshmallow import fields, validate
from sqlalchemy import Row

from services.registration.actions.transfer_seat import Colleague
from services.registration.forms.fields import Address
from services.registration.rules.addresses import address_key
from services.registration.rules.sign_ups import SignUp
from shared.i18n import current_translator
from shared.times import UtcDateTime
from shared.web.fields import Form, Line
from shared.web.limits import allow_post

_WAYS = ("venue", "online")


class OfferForm(Form):
    """Whether someone takes the offered seat."""

    answer = fields.String(required=True, validate=validate.OneOf(("accepted", "declined")))


class AttendanceForm(Form):
    """Where someone takes part."""

    attendance = fields.String(required=True, validate=validate.OneOf(_WAYS))


class TransferForm(Form):
    """Who is to have the seat; without ``target_group`` in the same role."""

    name = Line(required=True)
    email = Address(required=True)
    target_group = Line(load_default="")


class TransferOut(Form):
    """A proposal to hand a seat over."""

    id = fields.String()
    registration_id = fields.String()
    name = fields.String()
    email = fields.String()
    target_group = fields.String()
    status = fields.String()
    proposed_at = UtcDateTime()


class CompanionForm(Form):
    """A second person who reads mail at the same address."""

    name = Line(required=True)
    target_group = Line(required=True)


class SwitchForm(Form):
    """The id of the meeting that someone would rather have a seat at."""

    meeting = fields.String(required=True)


def colleague(form: Mapping[str, Any]) -> Colleague:
    """Who is to have the seat, from a loaded ``TransferForm``; mails go out in the language spoken now."""
    return Colleague(
        name=form["name"],
        email=form["email"],
        address_key=address_key(form["email"]),
        target_group=form["target_group"] or None,
        language=current_translator().language,
    )


def allow_transfer(form: Mapping[str, Any]) -> None:
    """Count this request for the limits: it mails someone who never asked for it. Raises ``TooMany``."""
    allow_post("transfer", address=address_key(form["email"]))


def once_more(row: Row[Any]) -> SignUp:
    """The wish of someone who was registered, ready for the seat gate. They must have a mail address."""
    return SignUp(
        name=row.name,
        email=row.email,
        address_key=row.address_key,
        target_group=row.target_group,
        organisation=row.organisation,
        organisation_id=row.organisation_id,
        language=row.language,
        attendance=row.attendance,
        companion=row.companion > 1,
        answers=row.answers,
        needs=row.needs,
        phone=row.phone,
        listed=row.listed,
        last_moment=row.last_moment,
    )


def elsewhere(row: Row[Any], attendance: Literal["venue", "online"]) -> SignUp:
    """The same person's wish for a seat at another meeting, or nothing. What this meeting asked stays here."""
    return SignUp(
        name=row.name,
        email=row.email,
        address_key=row.address_key,
        target_group=row.target_group,
        organisation=row.organisation,
        organisation_id=row.organisation_id,
        language=row.language,
        attendance=attendance,
        companion=row.companion > 1,
        listed=row.listed,
        last_moment=row.last_moment,
        or_nothing=True,
    )


def companion(row: Row[Any], form: Mapping[str, Any]) -> SignUp:
    """The wish of a second person at the address in ``row``, from a loaded ``CompanionForm``."""
    return SignUp(
        name=form["name"],
        email=row.email,
        address_key=row.address_key,
        target_group=form["target_group"],
        organisation=row.organisation,
        organisation_id=row.organisation_id,
        language=row.language,
        attendance=row.attendance,
        companion=True,
    )
