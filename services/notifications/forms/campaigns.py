"""Inviting target groups: what is asked, and how far it is."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.notifications.forms.fields import UNKNOWN_REGION, UNKNOWN_ROLE, Address, LanguageField, unknown
from services.notifications.queries.campaigns import Progress
from services.notifications.rules.campaigns import WHOLE_COUNTRY, CampaignPlan, Invitee
from services.notifications.rules.guests import Guest
from shared.events.registration import Person
from shared.i18n import N_
from shared.times import UtcDateTime
from shared.web.fields import Form, Line

_MOST_ADDRESSES = 2_000
_MOST_AT_ONCE = 10_000
_MOST_ORGANISATIONS = 1_000
_IN_A_LINE = ("email", "name", "organisation")
_LONGEST_PAUSE = 24 * 60  # hours


CAMPAIGN_STATUSES = {
    "running": N_("is being sent"),
    "paused": N_("waits for the next wave"),
    "full": N_("stopped: the meeting is full"),
    "stopped": N_("stopped"),
    "closed": N_("ended: nobody can sign up any more"),
    "done": N_("everybody is invited"),
}
"""How a campaign stands, and how people call it."""

SKIPPED = {
    "registered": N_("signed up already"),
    "never": N_("does not want invitations"),
    "unsubscribed": N_("does not want invitations any more"),
    "bounced": N_("mail does not arrive"),
}
"""Why somebody was left out, and how people call it."""


class BroughtForm(Form):
    """Somebody whose address the organiser is responsible for."""

    email = Address(required=True)
    target_group = fields.String(required=True)
    name = Line(load_default="")
    organisation = Line(load_default="")
    language = LanguageField()


class WavesForm(Form):
    """So many at a time; the next ones so many hours later, or when an organiser says so."""

    size = fields.Integer(required=True, validate=validate.Range(min=1, max=_MOST_AT_ONCE))
    hours = fields.Integer(load_default=None, validate=validate.Range(min=1, max=_LONGEST_PAUSE))


class CampaignForm(Form):
    """Whom to invite; ``organisations``: only who works there, by name or mail domain.

    ``ground``: why the addresses that are brought may be used; required with them.
    """

    target_groups = fields.List(fields.String(), load_default=list)
    regions = fields.List(fields.String(), load_default=list)
    organisations = fields.List(Line(), load_default=list, validate=validate.Length(max=_MOST_ORGANISATIONS))
    addresses = fields.List(
        fields.Nested(BroughtForm), load_default=list, validate=validate.Length(max=_MOST_ADDRESSES)
    )
    ground = Line(load_default="")
    waves = fields.Nested(WavesForm, load_default=None, allow_none=True)

    def __init__(self, roles: frozenset[str] = frozenset(), regions: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self.known_roles, self.known_regions = roles, regions | {WHOLE_COUNTRY}

    @validates_schema
    def _check_whole(self, form: Mapping[str, Any], **_options: Any) -> None:
        """Codes must be known, somebody must be invited, and for what is brought there must be a ground."""
        brought = unknown([each["target_group"] for each in form["addresses"]], self.known_roles, UNKNOWN_ROLE)
        wrong: dict[str, Any] = {
            "targetGroups": unknown(form["target_groups"], self.known_roles, UNKNOWN_ROLE),
            "regions": unknown(form["regions"], self.known_regions, UNKNOWN_REGION),
            "addresses": {number: {"targetGroup": why} for number, why in brought.items()},
        }
        if not form["target_groups"] and not form["addresses"]:
            wrong["targetGroups"] = [N_("Choose at least one role, or bring addresses.")]
        if form["addresses"] and not form["ground"]:
            wrong["ground"] = [N_("Say why you may use these addresses.")]
        if any(wrong.values()):
            raise ValidationError({name: why for name, why in wrong.items() if why})


class AddressLines(fields.Field[Any]):
    """Addresses one a line, a name and an organisation behind them after ``;``, all in the role ``broughtRole``."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> Any:  # noqa: ARG002  # marshmallow's
        """The lines as the addresses that programs send; what is wrong is told by the number of the line."""
        lines = [line for line in str(value).splitlines() if line.strip()]
        named = [dict(zip(_IN_A_LINE, line.split(";"), strict=False)) for line in lines]
        role = str(data.get("broughtRole", ""))
        return BroughtForm(many=True).load([{**each, "targetGroup": role} for each in named])


class OrganisationLines(fields.Field[Any]):
    """Organisations, a name or a mail domain on each line."""

    def _deserialize(self, value: Any, *_given: Any, **_options: Any) -> Any:
        """The lines as programs send them."""
        return [Line().deserialize(line) for line in str(value).splitlines() if line.strip()]


class CampaignPageForm(CampaignForm):
    """The same from a page."""

    organisations = OrganisationLines(load_default=list, validate=validate.Length(max=_MOST_ORGANISATIONS))  # type: ignore[assignment]
    addresses = AddressLines(load_default=list, validate=validate.Length(max=_MOST_ADDRESSES))  # type: ignore[assignment]


class StartedOut(Form):
    """A campaign that began: how many people it reaches, in all and per role."""

    id = fields.String(required=True)
    people = fields.Integer(required=True)
    target_groups = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


class CampaignOut(Form):
    """A campaign: whom it invites, how far it is, and what was answered in calendars."""

    id = fields.String(required=True)
    target_groups = fields.List(fields.String(), required=True)
    regions = fields.List(fields.String(), required=True)
    organisations = fields.List(fields.String(), required=True)
    status = fields.String(required=True)
    made_at = UtcDateTime(required=True)
    waiting = fields.Integer(required=True)
    invited = fields.Integer(required=True)
    skipped = fields.Integer(required=True)
    accepted = fields.Integer(required=True)
    tentative = fields.Integer(required=True)
    declined = fields.Integer(required=True)


def plan_in(form: Mapping[str, Any], own_regions: tuple[str, ...]) -> CampaignPlan:
    """What a loaded ``CampaignForm`` asks for; without regions those of the meeting itself."""
    waves = form["waves"] or {}
    return CampaignPlan(
        target_groups=tuple(dict.fromkeys(form["target_groups"])),
        regions=tuple(dict.fromkeys(form["regions"])) or own_regions,
        organisations=tuple(dict.fromkeys(each for each in form["organisations"] if each)),
        brought=tuple(_guest(each) for each in form["addresses"]),
        ground=form["ground"],
        wave_size=waves.get("size"),
        wave_hours=waves.get("hours"),
    )


def counted(people: list[Invitee]) -> dict[str, int]:
    """How many they are per role."""
    roles = [each.target_group for each in people]
    return {role: roles.count(role) for role in sorted(set(roles))}


def shown(progress: Progress) -> dict[str, Any]:
    """A campaign for ``CampaignOut``."""
    people = {status: progress.people[status] for status in ("waiting", "invited", "skipped")}
    answers = {answer: progress.answers[answer] for answer in ("accepted", "tentative", "declined")}
    return {**progress.row._asdict(), **people, **answers}


def _guest(brought: Mapping[str, Any]) -> Guest:
    person = Person(name=brought["name"], email=brought["email"], language=brought["language"])
    return Guest(person=person, target_group=brought["target_group"], organisation=brought["organisation"])
