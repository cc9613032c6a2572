"""What a program sends, read through a schema: refused with every field that is not right."""

from collections.abc import Mapping
from typing import Any

from flask import request
from marshmallow import Schema, ValidationError, fields

from shared.i18n import gettext as _
from shared.web.json_body import SAID_TWICE, read_json
from shared.web.problems import Invalid, invalid_input


def read_body(schema: Schema, *, changing: Mapping[str, Any] | None = None) -> Any:
    """The JSON body through ``schema``; with ``changing`` it is a merge patch on that document (camelCase).

    Raises ``Problem`` 415, 413 or 400 with every field that is not right.
    """
    sent = read_json()
    return load(schema, sent if changing is None else merge_patch(changing, sent))


def read_query(schema: Schema) -> Any:
    """The query through ``schema``. Raises ``Problem`` 400, also for a parameter that is unknown or said twice."""
    known = {declared.data_key or name: declared for name, declared in schema.load_fields.items()}
    twice = [
        name
        for name, values in request.args.lists()
        if len(values) > 1 and not isinstance(known.get(name), fields.List)
    ]
    if twice:
        raise invalid_input([Invalid(name, _(SAID_TWICE), "repeated") for name in twice])
    query: dict[str, Any] = {
        name: values if isinstance(known.get(name), fields.List) else values[-1]
        for name, values in request.args.lists()
        if name != "lang" or name in known
    }
    return load(schema, query)


def load(schema: Schema, sent: Any) -> Any:
    """``sent`` through ``schema``. Raises ``Problem`` 400 with every field that is not right."""
    try:
        return schema.load(sent)
    except ValidationError as error:
        raise invalid_input(error.messages_dict) from error


def merge_patch(target: Any, patch: Any) -> Any:
    """``target`` changed as ``patch`` says: null removes, objects merge, all else replaces (RFC 7396, section 2)."""
    if not isinstance(patch, Mapping):
        return patch
    merged = dict(target) if isinstance(target, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged
