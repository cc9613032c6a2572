"""Wanting to be invited, and what an address wants in general."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.notifications.forms.fields import UNKNOWN_REGION, UNKNOWN_ROLE, Address, LanguageField, unknown
from services.notifications.rules.campaigns import WHOLE_COUNTRY
from services.notifications.rules.guests import Guest, Wish
from services.notifications.rules.preferences import Preferences
from shared.events.registration import Person
from shared.i18n import LANGUAGES, N_
from shared.web.fields import Form, Line


class SubscriptionForm(Form):
    """Who wants to be invited, as what, and where. The codes are checked where they are known."""

    name = Line(required=True)
    email = Address(required=True)
    organisation = Line(load_default="")
    target_group = fields.String(required=True)
    regions = fields.List(
        fields.String(), required=True, validate=validate.Length(min=1, error=N_("Choose at least one."))
    )
    language = LanguageField()

    def __init__(self, roles: frozenset[str] = frozenset(), regions: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self.known_roles, self.known_regions = roles, regions | {WHOLE_COUNTRY}

    @validates_schema
    def _check_codes(self, form: Mapping[str, Any], **_options: Any) -> None:
        """Roles and regions must be known."""
        wrong: dict[str, Any] = {}
        if form["target_group"] not in self.known_roles:
            wrong["targetGroup"] = [UNKNOWN_ROLE]
        if places := unknown(form["regions"], self.known_regions, UNKNOWN_REGION):
            wrong["regions"] = places
        if wrong:
            raise ValidationError(wrong)


class PreferencesForm(Form):
    """What an address wants; what is not ticked is not wanted."""

    language = fields.String(validate=validate.OneOf(LANGUAGES), load_default=None)
    reminders = fields.Boolean(load_default=False)
    digest = fields.Boolean(load_default=False)
    invitations = fields.Boolean(load_default=False)
    network = fields.Boolean(load_default=False)


def wish_in(form: Mapping[str, Any]) -> Wish:
    """What a loaded ``SubscriptionForm`` asks for."""
    person = Person(name=form["name"], email=form["email"], language=form["language"])
    guest = Guest(person=person, target_group=form["target_group"], organisation=form["organisation"])
    return Wish(guest=guest, regions=tuple(dict.fromkeys(form["regions"])))


def preferences_in(form: Mapping[str, Any]) -> Preferences:
    """What a loaded ``PreferencesForm`` says."""
    return Preferences(**form)
