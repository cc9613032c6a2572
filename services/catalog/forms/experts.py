"""An expert as an editor gives it, and as it is shown."""

from typing import Any

from marshmallow import fields, validate

from services.catalog.forms.fields import Line, Text, Texts, codes, email
from services.catalog.forms.flaws import read_through
from services.catalog.rules.experts import Expert, ExpertDetails
from services.catalog.rules.filters import Vocabulary
from services.catalog.rules.flaws import Flaw, FlawedError
from shared.events.contract import schema_of
from shared.i18n import N_
from shared.web.api import PageQuery
from shared.web.fields import Form

_HELPS_WITH = 1_000


class ExpertForm(Form):
    """An expert as an editor gives it: nobody is named without their consent."""

    name = Line(required=True, also=(validate.Length(min=1),))
    organisation = Line()
    helps_with = Texts(Text(validate=validate.Length(max=_HELPS_WITH)))
    themes = codes()
    email = email()
    consented_on = fields.Date(
        required=True, metadata={"description": N_("The day on which the expert agreed to all of this being public.")}
    )


class ExpertQuery(PageQuery):
    """How experts are asked for."""

    theme = fields.List(fields.String())


class ExpertAnswer(schema_of(Expert)):  # type: ignore[misc]  # made of the dataclass when this is read
    """Who helps with what."""

    class Meta:
        """How we know that they agreed, and inner counters, stay inside."""

        exclude = ("version", "consented_on")


def expert_document(details: ExpertDetails) -> dict[str, Any]:
    """What ``read_expert`` reads: the JSON on which a merge patch is applied."""
    document: dict[str, Any] = schema_of(ExpertDetails)().dump(details)
    return {name: value for name, value in document.items() if value != ""}


def read_expert(document: Any, vocabulary: Vocabulary) -> ExpertDetails:
    """What an editor decided, from JSON. Raises ``FlawedError`` with everything that is wrong, all fields at once."""
    given, flaws = read_through(ExpertForm(), document)
    themes = tuple(dict.fromkeys(given.get("themes", ())))
    flaws += [
        Flaw("themes", "unknown-code", N_("There is no %(code)s."), {"code": repr(code)})
        for code in themes
        if code not in vocabulary.get("theme", ())
    ]
    if flaws:
        raise FlawedError(flaws)
    return ExpertDetails(**{**given, "themes": themes})
