"""What people say about themselves in the network, whom they look for, and what they report."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, get_args

from marshmallow import ValidationError, fields, validate, validates_schema
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.actions.keep_profile import Profile
from services.registration.actions.report_person import Decision
from services.registration.forms.fields import UNKNOWN_GROUP, Paragraphs
from services.registration.queries.references import references
from services.registration.rules.network import LONGEST_TEXT, VISIBLE_TO, VisibleTo
from shared.i18n import N_, current_translator, in_words
from shared.i18n import gettext as _
from shared.web.fields import Form, Line

_MOST_THEMES = 20
_UNKNOWN_REGION = N_("We do not know this region.")
_UNKNOWN_THEME = N_("We do not know this theme.")
_REGION_MISSING = N_("Choose your region too: only then people of your region can find you.")

OPENED_TO: Final[Mapping[str, str]] = {
    "meeting": N_("People who take part in a meeting that I take part in too"),
    "region": N_("People who say that they are of my region"),
    "network": N_("Everyone in the network"),
}
"""To whom one can open a profile, as people choose it."""

Options: TypeAlias = Mapping[str, str]


@dataclass(frozen=True)
class Words:
    """What roles, regions and themes are called in the reader's language, by code, in catalog's order."""

    groups: Options
    regions: Options
    themes: Options


def words_known(session: Session) -> Words:
    """The words that a profile can be described with now."""
    return Words(*(_offered(session, kind) for kind in ("target-group", "region", "theme")))


def _offered(session: Session, kind: str) -> Options:
    return {row.code: in_words(row.labels) for row in references(session, kind) if row.valid_to is None}


class ProfileForm(Form):
    """What someone says about themselves, in ``words`` that are known."""

    name = Line(required=True)
    organisation = Line(load_default="")
    target_group = Line(required=True)
    region = Line(load_default="")
    themes = fields.List(Line(), validate=validate.Length(max=_MOST_THEMES), load_default=list)
    can_help_with = Paragraphs(LONGEST_TEXT, load_default="")
    looking_for = Paragraphs(LONGEST_TEXT, load_default="")
    visible_to = fields.String(required=True, validate=validate.OneOf(VISIBLE_TO))

    def __init__(self, words: Words) -> None:
        super().__init__()
        self.words = words

    @validates_schema(skip_on_field_errors=False)
    def _fits(self, said: Mapping[str, Any], **_options: Any) -> None:
        wrong = {
            "targetGroup": said.get("target_group") and said["target_group"] not in self.words.groups and UNKNOWN_GROUP,
            "region": said.get("region") and said["region"] not in self.words.regions and _UNKNOWN_REGION,
            "themes": not set(said.get("themes", ())) <= self.words.themes.keys() and _UNKNOWN_THEME,
            "visibleTo": said.get("visible_to") == "region" and not said.get("region") and _REGION_MISSING,
        }
        found = {name: [reason] for name, reason in wrong.items() if reason}
        if found:
            raise ValidationError(found)


class JoinForm(ProfileForm):
    """The same of someone who joins: that is a choice of its own."""

    agree = fields.Boolean(load_default=False)

    @validates_schema(skip_on_field_errors=False)
    def _chosen(self, said: Mapping[str, Any], **_options: Any) -> None:
        if not said.get("agree"):
            raise ValidationError(N_("You take part in the network only if you agree."), "agree")


def profile_said(form: Mapping[str, Any]) -> Profile:
    """What a loaded ``ProfileForm`` says; the language is the one spoken now."""
    return Profile(
        name=form["name"],
        target_group=form["target_group"],
        organisation=form["organisation"],
        region=form["region"] or None,
        themes=tuple(dict.fromkeys(form["themes"])),
        can_help_with=form["can_help_with"],
        looking_for=form["looking_for"],
        visible_to=form["visible_to"],
        language=current_translator().language,
    )


def as_typed(profile: Row[Any]) -> dict[str, Any]:
    """What a profile says, as JSON."""
    return {
        "name": profile.name,
        "organisation": profile.organisation,
        "targetGroup": profile.target_group,
        "region": profile.region,
        "themes": profile.themes,
        "canHelpWith": profile.can_help_with,
        "lookingFor": profile.looking_for,
        "visibleTo": profile.visible_to,
    }


class DirectoryQuery(Form):
    """Whom someone looks for: ``q`` anywhere, ``help`` in what people can help with; codes; ``meeting`` by slug."""

    q = Line(load_default="")
    help = Line(load_default="")
    target_group = Line(load_default="")
    region = Line(load_default="")
    theme = Line(load_default="")
    meeting = Line(load_default="")
    page = fields.Integer(validate=validate.Range(min=1, max=10_000), load_default=1)

    def __init__(self, words: Words, meetings: Options) -> None:
        super().__init__()
        self.words = words
        self.meetings = meetings

    @validates_schema(skip_on_field_errors=False)
    def _fits(self, asked: Mapping[str, Any], **_options: Any) -> None:
        known = {
            "target_group": ("targetGroup", self.words.groups, UNKNOWN_GROUP),
            "region": ("region", self.words.regions, _UNKNOWN_REGION),
            "theme": ("theme", self.words.themes, _UNKNOWN_THEME),
            "meeting": ("meeting", self.meetings, N_("This is no meeting that you take part in.")),
        }
        wrong = {
            name: [reason]
            for attribute, (name, codes, reason) in known.items()
            if asked.get(attribute) and asked[attribute] not in codes
        }
        if wrong:
            raise ValidationError(wrong)


class ReportForm(Form):
    """What someone wants programme managers to look into."""

    text = Paragraphs(required=True)


class DecisionForm(Form):
    """What a programme manager decides about a report. Who is hidden reads why."""

    decision = fields.String(required=True, validate=validate.OneOf(get_args(Decision)))
    reason = Line(load_default="")

    @validates_schema
    def _accounted_for(self, given: Mapping[str, Any], **_options: Any) -> None:
        if given["decision"] == "hidden" and not given["reason"]:
            raise ValidationError(N_("Say why: the person reads it."), "reason")


class HidingForm(Form):
    """Why a programme manager hides a profile; the person reads it."""

    reason = Line(required=True)


def opened_to(visible_to: VisibleTo) -> str:
    """To whom a profile is open, in the reader's language."""
    return _(OPENED_TO[visible_to])
