"""A word of the network, or a venue, as an organiser gives it: whole by the API, on a page partly in words."""

import re
from collections.abc import Mapping
from typing import Any, Final

from marshmallow import fields, validate

from services.catalog.forms.fields import Line, Text, count, lines, texts
from services.catalog.forms.flaws import read_through
from services.catalog.rules.flaws import Flaw, FlawedError
from services.catalog.rules.meeting import in_language
from services.catalog.rules.organisations import KINDS
from services.catalog.rules.references import Kind, Reference, is_region
from services.catalog.rules.venues import VENUE_CODE, KeptVenue
from services.catalog.rules.words import PILLARS, Known, municipality_code, parts_by_code
from shared.i18n import N_
from shared.web.fields import Form as Schema
from shared.web.forms import Form, filled

KINDS_BY_PATH: Final[Mapping[str, Kind]] = {
    "regions": "region",
    "target-groups": "target-group",
    "themes": "theme",
    "organisations": "organisation",
}
"""The kinds of word by the last part of their address."""

_LONGEST_LIST = 20_000


class WordForm(Schema):
    """A word as it is from now on; what is left out is not so."""

    labels = lines(required=True)
    position = count(100_000, metadata={"description": N_("Where it stands in lists: 1 comes first.")})
    valid_from = fields.Date(metadata={"description": N_("The first day on which it is offered.")})
    valid_to = fields.Date(metadata={"description": N_("The first day on which it is no longer offered.")})
    merged_into = Line(metadata={"description": N_("The code of the same kind that it became.")})


class RegionForm(WordForm):
    """A region: any set of provinces (`PV26`) and municipalities (`GM0344`)."""

    parts = fields.List(Line(), validate=validate.Length(max=400))


class ThemeForm(WordForm):
    """A theme, and what it is good for."""

    pillars = fields.List(fields.String(validate=validate.OneOf(list(PILLARS))), validate=validate.Length(max=3))


class OrganisationForm(WordForm):
    """An organisation; its code is its TOOI address where it has one."""

    kind = fields.String(validate=validate.OneOf(list(KINDS)), load_default="other")
    region = Line(metadata={"description": N_("The code of the region that it lies in.")})
    email_domains = fields.List(Line(), validate=validate.Length(max=200))


class WordAnswer(Schema):
    """A word as it is kept."""

    code = fields.String()
    labels = fields.Dict(keys=fields.String(), values=fields.String())
    position = fields.Integer()
    valid_from = fields.Date(allow_none=True)
    valid_to = fields.Date(allow_none=True)
    merged_into = fields.String(allow_none=True)
    parts = fields.List(fields.String())
    pillars = fields.List(fields.String())
    kind = fields.String(attribute="organisation_kind", data_key="kind", allow_none=True)
    region = fields.String(allow_none=True)
    email_domains = fields.List(fields.String())


class VenueKeptForm(Schema):
    """A venue where meetings are held more often."""

    name = Line(required=True, also=(validate.Length(min=1),))
    address = Line(load_default="")
    postal_code = Line(20, load_default="")
    city = Line(load_default="")
    travel_info = texts()
    accessibility_info = texts()
    valid_to = fields.Date(metadata={"description": N_("The first day on which it is no longer offered.")})


class VenueAnswer(Schema):
    """A venue as it is kept."""

    code = fields.String()
    name = fields.String()
    address = fields.String()
    postal_code = fields.String()
    city = fields.String()
    travel_info = fields.Dict(keys=fields.String(), values=fields.String())
    accessibility_info = fields.Dict(keys=fields.String(), values=fields.String())
    valid_to = fields.Date(allow_none=True)


class OnPage(Schema):
    """What stands on the page of a word beside what the API takes."""

    code = Line(load_default="")
    municipalities = Text(load_default="", validate=validate.Length(max=_LONGEST_LIST))


FORMS: Final[Mapping[Kind, type[WordForm]]] = {
    "region": RegionForm,
    "target-group": WordForm,
    "theme": ThemeForm,
    "organisation": OrganisationForm,
}


def read_word(kind: Kind, code: str, document: Any, known: Known) -> Reference:
    """The word of this kind and code as the JSON ``document`` says. Raises ``FlawedError`` with all that it cannot.

    What a form of this kind does not ask stays as it was.
    """
    given, flaws = read_through(FORMS[kind](), document)
    if flaws:
        raise FlawedError(flaws)
    asked = dict.fromkeys(("valid_from", "valid_to", "merged_into", "region"))
    values = {"position": 0, "parts": (), "pillars": (), "email_domains": (), **asked, **given}
    values["organisation_kind"] = values.pop("kind", None)
    for name in ("parts", "pillars", "email_domains"):
        values[name] = tuple(dict.fromkeys(values[name]))
    before = known.get((kind, code))
    return Reference(kind=kind, code=code, domains_corrected=bool(before and before.domains_corrected), **values)


def word_form(word: Reference, known: Known) -> Form:
    """What stands on the page of ``word``."""
    names = parts_by_code(known)
    towns = [names.get(code, code) for code in word.parts if not is_region(code)]
    form = filled({"labels": dict(word.labels)})
    form.typed |= {
        "code": word.code,
        "position": str(word.position),
        "parts": [code for code in word.parts if is_region(code)],
        "municipalities": "\n".join(towns),
        "pillars": list(word.pillars),
        "kind": word.organisation_kind or "",
        "region": word.region or "",
        "validFrom": word.valid_from.isoformat() if word.valid_from else "",
        "validTo": word.valid_to.isoformat() if word.valid_to else "",
        "mergedInto": word.merged_into or "",
    }
    return form


def word_document(kind: Kind, form: Form, before: Reference | None, known: Known) -> dict[str, Any]:
    """What was typed on the page of a word, as the API takes it. Raises ``FlawedError`` for towns that nobody knows."""
    typed = form.typed
    document: dict[str, Any] = {
        "labels": {name: text for name in ("nl", "en") if (text := typed.get(f"labels.{name}"))}
    }
    for name in ("position", "validFrom", "validTo", "mergedInto"):
        if typed.get(name):
            document[name] = typed[name]
    if kind == "region":
        document["parts"] = [*typed.get("parts", []), *_towns(typed.get("municipalities", ""), known)]
    if kind == "theme":
        document["pillars"] = typed.get("pillars", [])
    if kind == "organisation":
        document |= {name: typed[name] for name in ("kind", "region") if typed.get(name)}
        document["emailDomains"] = list(before.email_domains) if before else []
    return document


def read_venue(code: str, document: Any) -> KeptVenue:
    """The venue of this code as the JSON ``document`` says. Raises ``FlawedError``."""
    given, flaws = read_through(VenueKeptForm(), document)
    if not re.fullmatch(VENUE_CODE, code):
        reason = N_("Use small letters, digits and hyphens, like stadhuis-utrecht.")
        flaws.append(Flaw("code", "code-invalid", reason))
    if flaws:
        raise FlawedError(flaws)
    return KeptVenue(code=code, **given)


def _towns(typed: str, known: Known) -> list[str]:
    """The codes of the municipalities that were typed, one on each line, by their name or code."""
    towns = [word for word in known.values() if word.organisation_kind == "municipality"]
    codes = {in_language(word.labels, "nl").casefold(): municipality_code(word) for word in towns}
    codes |= {municipality_code(word).casefold(): municipality_code(word) for word in towns}
    typed_lines = [line.strip() for line in typed.splitlines() if line.strip()]
    unknown = [line for line in typed_lines if line.casefold() not in codes]
    if unknown:
        reason = N_("There is no municipality called %(name)s.")
        raise FlawedError([Flaw("municipalities", "unknown-municipality", reason, {"name": line}) for line in unknown])
    return [codes[line.casefold()] for line in typed_lines]
