"""What a registration says besides how it stands, as the person or an organiser corrects it."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.actions.correct_registration import Correction
from services.registration.forms.objections import refuse
from services.registration.forms.registrations import RegistrationOut
from services.registration.forms.sign_up import ChoicesForm, digest
from services.registration.queries.meetings import asking_of
from services.registration.queries.references import workplace
from services.registration.queries.registrations import sessions_of
from services.registration.rules.asking import Asking, objections
from services.registration.rules.questions import kept
from shared.i18n import LANGUAGES, N_
from shared.web.fields import Form, Line


class NeverChanged(fields.Field[Any]):
    """The address: it is who the person is."""

    def _deserialize(self, *_given: Any, **_options: Any) -> Any:
        """Say what to do instead."""
        raise ValidationError(
            N_("An e-mail address cannot be changed. Sign off, and sign up once more with the other address.")
        )


class PersonNowForm(Form):
    """Who it is, as that can be corrected."""

    name = Line(required=True)
    email = NeverChanged()
    organisation = Line(load_default="")
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    attendance = fields.String(validate=validate.OneOf(("venue", "online")))


class DetailsForm(ChoicesForm, PersonNowForm):
    """What can be corrected. ``group`` is the role of the person, which they cannot change."""

    def __init__(self, asking: Asking | None = None, group: str = "") -> None:
        super().__init__(asking and replace(asking, groups={*asking.groups, group}))
        self.group = group

    @validates_schema(skip_on_field_errors=False)
    def fits_the_meeting(self, wish: Mapping[str, Any], **_options: Any) -> None:
        """Object to all that does not fit the meeting, for someone of this role."""
        if self.asking is not None:
            refuse(objections(self.asking, {**wish, "target_group": self.group}))


def details_form(session: Session, row: Row[Any], meeting: Row[Any]) -> DetailsForm:
    """What can be corrected about this registration."""
    return DetailsForm(asking_of(session, meeting), row.target_group)


def details_now(session: Session, row: Row[Any], meeting: Row[Any]) -> dict[str, Any]:
    """What the registration says, as JSON; what the meeting no longer asks is left out."""
    asking = asking_of(session, meeting)
    known = {question.id for question in asking.questionnaire}
    said = {
        "name": row.name,
        "organisation": row.organisation,
        "language": row.language,
        "listed": row.listed,
        "lastMoment": row.last_moment,
        "phone": row.phone if "phone" in asking.extra else None,
        "needs": {need: text for need, text in row.needs.items() if f"needs.{need}" in asking.extra},
        "answers": {id_: answer for id_, answer in row.answers.items() if id_ in known},
        "sessions": [chosen.id for chosen in sessions_of(session, row.id)],
    }
    return {name: value for name, value in said.items() if value is not None}


def correction(session: Session, row: Row[Any], schema: DetailsForm, form: Mapping[str, Any]) -> Correction:
    """What a loaded ``DetailsForm`` asks of this registration."""
    questionnaire = schema.asking.questionnaire if schema.asking else ()
    return Correction(
        details={
            "name": form["name"],
            **_organisation(session, row, form["organisation"]),
            "language": form["language"],
            "listed": form["listed"],
            "last_moment": form["last_moment"],
            "phone": form.get("phone"),
            "needs": {need: text for need, text in form["needs"].items() if text},
            "answers": kept(questionnaire, schema.group, form["answers"]),
        },
        sessions=form["sessions"],
        attendance=form.get("attendance"),
    )


def _organisation(session: Session, row: Row[Any], named: str) -> dict[str, Any]:
    """The columns for another organisation than before; one that we know is linked."""
    if named == row.organisation:
        return {}
    organisation, organisation_id = workplace(session, named, None)
    return {"organisation": organisation, "organisation_id": organisation_id}


def version_of(state: Mapping[str, Any], details: Mapping[str, Any]) -> str:
    """Which version of a registration this is: another one whenever something that is shown or can be corrected is."""
    return digest(json.dumps([RegistrationOut().dump(state), details], sort_keys=True))[:32]
