"""HTML forms through the same schemas as the API; errors go back beside the fields, nothing typed is lost."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request
from marshmallow import EXCLUDE, Schema, ValidationError, fields
from werkzeug.datastructures import MultiDict

from shared.web.problems import Invalid, reasons


@dataclass
class Form:
    """What stands in a form: ``typed`` by dotted name, ``errors`` beside it, ``loaded`` when all was right.

    ``order``: the names of the fields as they follow each other on the page, and so the errors above it.
    """

    typed: dict[str, Any] = field(default_factory=dict)
    errors: list[Invalid] = field(default_factory=list)
    loaded: dict[str, Any] | None = None
    order: Sequence[str] = ()

    @property
    def ok(self) -> bool:
        """Whether everything was right."""
        return not self.errors and self.loaded is not None

    def value(self, name: str) -> Any:
        """What was typed in the field ``name``; empty text where nothing was."""
        return self.typed.get(name, "")

    def error(self, name: str) -> str | None:
        """Why the field ``name``, or something in it, is not right."""
        found = [error.reason for error in self.errors if error.name == name or error.name.startswith(f"{name}.")]
        return " ".join(found) or None

    def refuse(self, name: str, reason: str) -> None:
        """Say that the field ``name`` (empty: the whole form) is not right after all, in the reader's language."""
        self.refuse_all([Invalid(name, reason)])

    def refuse_all(self, errors: Iterable[Invalid]) -> None:
        """Say the same of several fields at once."""
        self.errors = sorted([*self.errors, *errors], key=self._place)

    def _place(self, error: Invalid) -> int:
        first = error.name.partition(".")[0]
        return self.order.index(first) if first in self.order else len(self.order)


def read_form(schema: Schema, several: Collection[str] = ()) -> Form:
    """The posted form through ``schema``. Field names are the JSON names, dotted (``seatPlan.capacity``).

    A list takes all that came under its name, and so does a field in ``several``, of which the schema can't know it.
    Blanks around a text are dropped, an empty field counts as not given, a field that is no part of ``schema`` is left
    alone. Nothing is raised: errors stand in the form, in the order in which ``schema`` declares their fields.
    """
    return _read(schema, request.form, several)


def read_question(schema: Schema) -> Form:
    """The same of a form that only asks: what stands in the query."""
    return _read(schema, request.args, ())


def _read(schema: Schema, sent: MultiDict[str, str], several: Collection[str]) -> Form:
    typed: dict[str, Any] = {}
    nested: dict[str, Any] = {}
    for name, texts in sent.lists():
        given = [text.strip() for text in texts if text.strip()]
        many = name in several or isinstance(_declared(schema, name), fields.List)
        typed[name] = given if many else "".join(given[-1:])
        if given and name != "csrf_token":
            put(nested, name, typed[name])
    names = [declared.data_key or attribute for attribute, declared in schema.load_fields.items()]
    form = Form(typed, order=names)
    try:
        form.loaded = schema.load(nested, unknown=EXCLUDE)
    except ValidationError as error:
        form.refuse_all(reasons(error.messages_dict))
    return form


def filled(values: Mapping[str, Any]) -> Form:
    """A form to begin with: ``values`` as nested JSON values."""
    return Form(dict(_dotted(values)))


def _declared(schema: Schema, name: str) -> fields.Field[Any] | None:
    first, _, rest = name.partition(".")
    for attribute, declared in schema.load_fields.items():
        if (declared.data_key or attribute) == first:
            if rest and isinstance(declared, fields.Nested):
                return _declared(declared.schema, rest)
            return None if rest else declared
    return None


def put(nested: dict[str, Any], name: str, value: Any) -> None:
    """Set what the dotted ``name`` points to; left alone where something else stands on the way to it."""
    *path, last = name.split(".")
    for part in path:
        inner = nested.setdefault(part, {})
        if not isinstance(inner, dict):  # both a and a.b were sent: the schema will say what it thinks of a
            return
        nested = inner
    nested[last] = value


def _dotted(values: Mapping[str, Any], before: str = "") -> list[tuple[str, Any]]:
    pairs: list[tuple[str, Any]] = []
    for name, value in values.items():
        if isinstance(value, Mapping):
            pairs += _dotted(value, f"{before}{name}.")
        elif value is not None:
            pairs.append((before + name, value))
    return pairs
