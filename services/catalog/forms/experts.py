"""An expert as an editor gives it, and as it is shown."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from services.catalog.forms.fields import Line, Text, Texts, codes, email
from services.catalog.forms.flaws import read_through
from services.catalog.forms.meeting_names import MeetingNames, unknown_names
from services.catalog.rules.experts import Expert, ExpertDetails
from services.catalog.rules.filters import Vocabulary
from services.catalog.rules.flaws import FlawedError
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
    meetings = MeetingNames()
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


def read_expert(document: Any, vocabulary: Vocabulary, meetings: Mapping[str, str]) -> ExpertDetails:
    """What an editor decided, from JSON; ``meetings`` gives the id for each name of one that there is.

    Raises ``FlawedError`` with everything that is wrong, all fields at once.
    """
    given, flaws = read_through(ExpertForm(), document)
    themes, named = tuple(dict.fromkeys(given.get("themes", ()))), given.get("meetings", ())
    flaws += unknown_names("themes", themes, vocabulary.get("theme", ()))
    flaws += unknown_names("meetings", named, meetings)
    if flaws:
        raise FlawedError(flaws)
    ids = tuple(dict.fromkeys(meetings[name] for name in named))
    return ExpertDetails(**{**given, "themes": themes, "meetings": ids})
