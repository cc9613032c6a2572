"""Reach: what is asked for, and what programs get."""

from marshmallow import fields, validate

from services.catalog.forms.reference import Labels
from services.catalog.rules.organisations import COUNTED
from services.catalog.rules.reached import Presence, ReachFilter
from shared.cells import csv_file
from shared.i18n import current_translator
from shared.web.api import PageQuery
from shared.web.fields import Form

_YEARS = validate.Range(min=1970, max=2200)


class ReachForm(Form):
    """What a page asks for; an empty field narrows nothing."""

    kind = fields.String(load_default=None, validate=validate.OneOf(COUNTED))
    region = fields.String(load_default=None)
    target_group = fields.String(load_default=None)
    year = fields.Integer(load_default=None, validate=_YEARS)


class ReachQuery(PageQuery):
    """The same for programs, without target groups: whether an organisation took part is never said per group."""

    kind = fields.String(load_default=None, validate=validate.OneOf(COUNTED))
    region = fields.String(load_default=None)
    year = fields.Integer(load_default=None, validate=_YEARS)
    lang = fields.String()


class PresenceAnswer(Form):
    """An organisation and the years in which it took part; none: it never did. ``signed``: a manifest that counts."""

    organisation = fields.String(attribute="organisation.code")
    labels = fields.Nested(Labels, attribute="organisation.labels")
    kind = fields.String(attribute="organisation.organisation_kind")
    region = fields.String(attribute="organisation.region", allow_none=True)
    years = fields.List(fields.Integer())
    signed = fields.Boolean()


class PeopleAnswer(Form):
    """How many people of a target group came in a year, as a range; null where it is too small to be said."""

    target_group = fields.String()
    year = fields.Integer()
    at_least = fields.Integer(allow_none=True)
    at_most = fields.Integer(allow_none=True)


def reach_file(found: list[Presence], signed: set[str]) -> bytes:
    """Who took part, as CSV in the language spoken now."""
    heads = ("organisation", "name", "kind", "region", "years", "signed")
    rows = (
        (
            each.organisation.code,
            each.organisation.labels.get("nl", ""),
            each.organisation.organisation_kind or "",
            each.organisation.region or "",
            " ".join(map(str, each.years)),
            "true" if each.organisation.code in signed else "false",
        )
        for each in found
    )
    return csv_file(heads, rows, current_translator().language)


def filter_in(said: dict[str, object]) -> ReachFilter:
    """What a loaded ``ReachForm`` or ``ReachQuery`` asks for."""
    return ReachFilter(**{name: said.get(name) for name in ("kind", "region", "target_group", "year")})  # type: ignore[arg-type]  # checked by the form
