"""What was done to a meeting, as programs read it."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from services.catalog.rules.history import Change, Line
from shared.i18n import N_
from shared.web.fields import Form


class AuthorAnswer(Form):
    """Who did it."""

    id = fields.String(metadata={"description": N_("Of a person or a key; `system`: by itself.")})
    name = fields.String(allow_none=True, metadata={"description": "Address of a person, name of a key; if known."})


class ChangeAnswer(Form):
    """One field from old to new."""

    name = fields.String(metadata={"description": "The field, dotted: venue.city"})
    before = fields.Raw(allow_none=True)
    after = fields.Raw(allow_none=True)


class HistoryAnswer(Form):
    """One line of a history."""

    version = fields.Integer(metadata={"description": "The ETag of the meeting since then"})
    at = fields.String(metadata={"format": "date-time"})
    act = fields.String(metadata={"description": "drafted, changed, published, cancelled or held"})
    by = fields.Nested(AuthorAnswer)
    reason = fields.String()
    changes = fields.List(fields.Nested(ChangeAnswer))


def history_answer(line: Line, names: Mapping[str, str]) -> dict[str, Any]:
    """``line`` as JSON-ready values; ``names`` are what authors are known by."""
    return {
        "version": line.version,
        "at": line.at.isoformat().replace("+00:00", "Z"),
        "act": line.act,
        "by": {"id": line.by, "name": names.get(line.by)},
        "reason": line.reason,
        "changes": [change_answer(change) for change in line.changes],
    }


def change_answer(change: Change) -> dict[str, Any]:
    """One change as JSON-ready values."""
    return {"name": change.name, "before": change.before, "after": change.after}
