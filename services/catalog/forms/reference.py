"""The words of the network."""

from marshmallow import Schema, fields, validate

from services.catalog.forms.fields import Text
from shared.i18n import N_
from shared.web.api import PageQuery
from shared.web.fields import Form


class ReferenceQuery(PageQuery):
    """How a list of words is asked for."""

    q = fields.String(load_default="", validate=validate.Length(max=200))
    lang = fields.String()


class DomainsForm(Form):
    """The domains of an organisation, one on each line."""

    email_domains = Text(load_default="", validate=validate.Length(max=5_000))


class Labels(Schema):
    """Words for people."""

    nl = fields.String()
    en = fields.String()


class ReferenceAnswer(Form):
    """A word of the network: its code for programs, its labels for people."""

    code = fields.String()
    labels = fields.Nested(Labels)
    parts = fields.List(fields.String(), metadata={"description": N_("Of a region: what it is made of.")})
    pillars = fields.List(fields.String(), metadata={"description": N_("Of a theme: people, planet, profit.")})
    valid_from = fields.Date(allow_none=True)
    valid_to = fields.Date(allow_none=True, metadata={"description": N_("The first day on which it is not offered.")})
    merged_into = fields.String(allow_none=True)


class OrganisationAnswer(Form):
    """An organisation; ``code`` is its TOOI address."""

    code = fields.String()
    name = fields.Function(lambda organisation: organisation.labels["nl"], metadata={"type": "string"})
    labels = fields.Nested(Labels)
    kind = fields.String(attribute="organisation_kind", data_key="kind")
    region = fields.String(allow_none=True)
