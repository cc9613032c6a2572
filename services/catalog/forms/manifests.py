"""Manifests and signatures: what comes in from editors, and what programs get."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema
from sqlalchemy.orm import Session

from services.catalog import queries
from services.catalog.forms.fields import Line, lines, link, texts
from services.catalog.forms.reference import Labels
from services.catalog.rules.flaws import Flaw, FlawedError
from services.catalog.rules.manifests import Signature
from services.catalog.rules.organisations import KINDS
from shared.i18n import N_
from shared.times import UtcDateTime
from shared.web.api import PageQuery
from shared.web.fields import Form
from shared.words import folded


def signatory_name(row: Any) -> str:
    """What a signatory is called, of a row of ``queries.manifests.signatories``."""
    return str((row.labels or {}).get("nl") or row.name)


class ManifestForm(Form):
    """What a manifest says, and from when to when (both days inclusive)."""

    title = lines(required=True)
    text = texts()
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(load_default=None)

    @validates_schema
    def _check_period(self, form: Mapping[str, Any], **_options: Any) -> None:
        if form["ends_on"] and form["ends_on"] < form["starts_on"]:
            raise ValidationError(N_("The end is before the beginning."), "endsOn")


class SignatureForm(Form):
    """Who signed: an official code, or the exact name of an organisation; ``other``: one on no official list."""

    organisation = Line(required=True)
    other = fields.Boolean(load_default=False)
    signed_on = fields.Date(required=True)
    action_plan = link(load_default="")
    withdrawn_on = fields.Date(load_default=None)


class WithdrawalForm(Form):
    """From which day on a signature counts no more."""

    withdrawn_on = fields.Date(required=True)


class SignatoryQuery(PageQuery):
    """Which signatories are asked for."""

    kind = fields.List(fields.String(validate=validate.OneOf(tuple(KINDS))), load_default=list)
    region = fields.List(fields.String(), load_default=list)
    q = fields.String(load_default="", validate=validate.Length(max=200))
    lang = fields.String()


class ShareAnswer(Form):
    """Of all organisations of one kind that exist, how many signed."""

    kind = fields.String()
    signed = fields.Integer(attribute="part")
    known = fields.Integer(attribute="whole")


class ManifestAnswer(Form):
    """A manifest; ``endsOn`` null: until further notice. ``signatories`` counts all that count today."""

    slug = fields.String()
    title = fields.Nested(Labels)
    text = fields.Nested(Labels)
    starts_on = fields.Date()
    ends_on = fields.Date(allow_none=True)
    changed_at = UtcDateTime()
    signatories = fields.Integer()
    shares = fields.List(fields.Nested(ShareAnswer))


class SignatoryAnswer(Form):
    """Who signed; ``organisation`` is its TOOI address, null for one on no official list."""

    organisation = fields.String(allow_none=True)
    name = fields.Function(signatory_name, metadata={"type": "string"})
    kind = fields.String()
    region = fields.String(allow_none=True)
    signed_on = fields.Date()
    action_plan = fields.Function(lambda row: row.action_plan or None, metadata={"type": ["string", "null"]})


def signature_in(session: Session, said: Mapping[str, Any]) -> Signature:
    """The signature that a loaded ``SignatureForm`` means. Raises ``FlawedError`` for an organisation nobody knows."""
    named = said["organisation"]
    code = named if queries.organisation(session, named) else queries.organisation_named(session, named)
    if code is None and not said["other"]:
        reason = N_("No organisation on the official list has this name. Is it another one? Then say so below.")
        raise FlawedError([Flaw("organisation", "unknown-organisation", reason)])
    return Signature(
        signatory=code or folded(named),
        organisation=code,
        name="" if code else named,
        signed_on=said["signed_on"],
        action_plan=said["action_plan"],
        withdrawn_on=said["withdrawn_on"],
    )
