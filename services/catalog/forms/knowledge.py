"""A piece of knowledge as an editor gives it, and as it is shown."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from marshmallow import Schema, fields, validate

from services.catalog.forms.fields import Line, Text, Texts, codes, lines, link
from services.catalog.forms.flaws import read_through
from services.catalog.forms.meeting_names import MeetingNames, unknown_names
from services.catalog.rules.filters import Vocabulary
from services.catalog.rules.flaws import FlawedError
from services.catalog.rules.knowledge import KINDS, Item, ItemDetails, item_flaws
from shared.events.contract import schema_of
from shared.i18n import N_
from shared.web.api import PageQuery
from shared.web.fields import Form

_BODY: Final = 40_000

_MARKDOWN = {"description": N_("Markdown: headings, lists, links and emphasis; HTML is shown as it was typed.")}


class KnowledgeForm(Form):
    """A piece of knowledge as an editor gives it: kind and title are enough for a draft."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    title = lines(required=True)
    summary = lines(metadata={"description": N_("One line.")})
    body = Texts(Text(validate=validate.Length(max=_BODY)), metadata=_MARKDOWN)
    url = link(metadata={"description": N_("Where it stands, of a link or a document.")})
    source = Line(metadata={"description": N_("Who says it there.")})
    checked_on = fields.Date(metadata={"description": N_("The last day on which it was found there.")})
    valid_from = fields.Date(metadata={"description": N_("Of a scheme: its first day.")})
    valid_to = fields.Date(metadata={"description": N_("Of a scheme: its last day.")})
    themes = codes()
    meetings = MeetingNames()


class KnowledgeQuery(PageQuery):
    """How a list of knowledge is asked for; a filter may be given more than once."""

    kind = fields.List(fields.String(validate=validate.OneOf(KINDS)))
    theme = fields.List(fields.String())
    meeting = fields.List(fields.String(), metadata={"description": N_("Its id or its slug.")})
    q = fields.List(fields.String(), metadata={"description": N_("Words that must all occur.")})
    lang = fields.String()


class KnowledgeAnswer(schema_of(Item)):  # type: ignore[misc]  # made of the dataclass when this is read
    """A piece of knowledge; ``meetings`` are ids."""

    class Meta:
        """Inner counters stay inside."""

        exclude = ("version",)


_Document: type[Schema] = schema_of(ItemDetails)


def document_of(details: ItemDetails) -> dict[str, Any]:
    """What ``read_item`` reads: the JSON on which a merge patch is applied."""
    document: dict[str, Any] = _Document().dump(details)
    return {name: value for name, value in document.items() if value is not None and value != ""}


def read_item(document: Any, vocabulary: Vocabulary, meetings: Mapping[str, str]) -> ItemDetails:
    """What an editor decided, from JSON; ``meetings`` gives the id for each name of one that there is.

    Raises ``FlawedError`` with everything that is wrong, all fields at once.
    """
    given, flaws = read_through(KnowledgeForm(), document)
    named: Sequence[str] = given.get("meetings", ())
    flaws += unknown_names("themes", given.get("themes", ()), vocabulary.get("theme", ()))
    flaws += unknown_names("meetings", named, meetings)
    values = {
        **given,
        "themes": tuple(dict.fromkeys(given.get("themes", ()))),
        "meetings": tuple(dict.fromkeys(meetings[name] for name in named if name in meetings)),
    }
    details = ItemDetails(**{"kind": "question", "title": {}, **values})
    flaws += item_flaws(details)
    if flaws:
        raise FlawedError(flaws)
    return details
