"""A body of JSON as values: one text has one meaning."""

import json
from typing import Any

from flask import request

from shared.i18n import N_
from shared.i18n import gettext as _
from shared.web.problems import Invalid, Problem, invalid_input

MERGE_PATCH = "application/merge-patch+json"

SAID_TWICE = N_("This is said more than once.")
"""Of a name in an object, or of a parameter that has one value."""


def read_json() -> Any:
    """The body as JSON values, for who reads it by more than a schema. Raises ``Problem`` 415, 413, 400."""
    if not request.is_json:
        raise Problem(415, headers={"Accept": f"application/json, {MERGE_PATCH}"})
    try:
        return json.loads(request.get_data(), object_pairs_hook=_once)  # too large: 413
    except (ValueError, RecursionError) as error:
        raise invalid_input([Invalid("", _("This is not valid JSON."), "json")]) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; its names differ, so that no two readers make two things of it (RFC 8259, section 4)."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = [Invalid(name, _(SAID_TWICE), "repeated") for name in found if names.count(name) > 1]
        raise invalid_input(twice)
    return found
