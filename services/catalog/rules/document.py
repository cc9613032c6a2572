"""A meeting as JSON: what merge patches are applied to, and what the history compares field by field."""

from typing import Any

from services.catalog.rules.meeting import MeetingDetails
from shared.events.contract import schema_of

_DETAILS = schema_of(MeetingDetails)()


def document_of(details: MeetingDetails) -> dict[str, Any]:
    """What an organiser decided, in camelCase; moments in UTC.

    Its questions are whole, where an event has their words beside them.
    """
    document: dict[str, Any] = _DETAILS.dump(details)
    terms = document["registration"]
    document["registration"] = {**terms, "questions": terms["questionnaire"]}
    del document["registration"]["questionnaire"]
    return document
