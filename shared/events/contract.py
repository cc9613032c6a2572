"""An event is written once, as a frozen dataclass; its schema is derived from the type hints.

``@event(...)`` registers the class. A field that holds personal data is declared with ``personal()``, so that it can be
found in the journal and erased there.
"""

import dataclasses
import types
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from operator import attrgetter
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from marshmallow import EXCLUDE, Schema, fields, validate

from shared.times import UtcDateTime, utc_text

Publisher = Literal["catalog", "registration", "notifications"]
E = TypeVar("E")

PERSONAL = "personal"


def personal(**options: Any) -> Any:
    """A dataclass field that holds personal data: erasable in the journal, never in attributes or logs."""
    return dataclasses.field(metadata={PERSONAL: True}, **options)


@dataclasses.dataclass(frozen=True)
class Contract:
    """What is fixed about one type of event.

    ``name`` is noun + past verb; ``aggregate`` the kind of thing it speaks of, ``key`` the path to that thing's id;
    ``carries_state``: the newest one alone is enough to know the thing, so a gap in versions may be skipped.
    ``whose``: the paths to the mail addresses, or the keyed hashes, of those whom its personal fields are about; empty
    where they are about nobody in particular.
    """

    name: str
    version: int
    publishers: tuple[Publisher, ...]
    aggregate: str
    key: str
    carries_state: bool
    whose: tuple[str, ...]
    of: type[Any]

    def schema(self) -> Schema:
        """How the event is written and checked."""
        return _made_once(self.of)  # type: ignore[arg-type]  # classes are hashable; mypy doubts it

    def aggregate_id(self, happened: object) -> str:
        """The id of the thing that ``happened`` speaks of."""
        return str(attrgetter(self.key)(happened))

    def dump(self, happened: object) -> dict[str, Any]:
        """``happened`` as JSON-ready values, camelCase."""
        dumped: dict[str, Any] = json_ready(happened)
        return dumped

    def load(self, data: Mapping[str, Any]) -> Any:
        """The event that ``data`` says; unknown fields are ignored. Raises ``marshmallow.ValidationError``."""
        return self.schema().load(data)


CONTRACTS: dict[str, Contract] = {}
"""Every event by its name."""

_BY_CLASS: dict[type[Any], Contract] = {}


def event(  # noqa: PLR0913  # all that is fixed about an event
    name: str,
    *,
    by: Publisher | tuple[Publisher, ...],
    aggregate: str,
    key: str,
    carries_state: bool = False,
    whose: str | tuple[str, ...] = (),
) -> Callable[[type[E]], type[E]]:
    """Register the decorated frozen dataclass as the event ``name``, first version.

    Adding an optional field keeps the version; anything else needs a second version with an upcast, receivers first.
    """

    def register(cls: type[E]) -> type[E]:
        publishers = by if isinstance(by, tuple) else (by,)
        people = whose if isinstance(whose, tuple) else (whose,)
        CONTRACTS[name] = _BY_CLASS[cls] = Contract(name, 1, publishers, aggregate, key, carries_state, people, cls)
        return cls

    return register


def contract_of(happened: object) -> Contract:
    """The contract of an event object. Raises ``LookupError`` if its class was never registered."""
    try:
        return _BY_CLASS[type(happened)]
    except KeyError:
        raise LookupError(f"{type(happened).__name__} is not an event: decorate it with @event") from None


def personal_paths(cls: type[Any], under: tuple[str, ...] = ()) -> dict[tuple[str, ...], str | None]:
    """The camelCase paths of all personal fields in a dataclass, nested ones included (``("person", "email")``).

    With each the value that says nothing: None where the field may have none, else an empty text.
    """
    found: dict[tuple[str, ...], str | None] = {}
    hints = get_type_hints(cls)
    for field in dataclasses.fields(cls):
        path, hint = (*under, camel(field.name)), hints[field.name]
        if field.metadata.get(PERSONAL):
            found[path] = None if type(None) in get_args(hint) else ""
        for inner in _dataclasses_in(hint):
            found |= personal_paths(inner, path)
    return found


def camel(name: str) -> str:
    """``starts_at`` → ``startsAt``."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


@cache
def schema_of(cls: type[Any]) -> type[Schema]:
    """The marshmallow schema of a frozen dataclass, derived from its type hints."""
    hints = get_type_hints(cls)
    members: dict[str, Any] = {
        field.name: _field(hints[field.name], data_key=camel(field.name), required=_is_required(field))
        for field in dataclasses.fields(cls)
    }
    return type(f"{cls.__name__}Schema", (_EventSchema,), {**members, "makes": cls})


@cache
def _made_once(cls: type[Any]) -> Schema:
    """An instance to keep: making one copies every field, which takes as long as reading an event."""
    return schema_of(cls)()  # type: ignore[arg-type]  # classes are hashable; mypy doubts it


class _EventSchema(Schema):
    """Loads into the dataclass it was derived from, and ignores what it does not know."""

    makes: type[Any]

    class Meta:
        """Receivers go first: a newer publisher may say more."""

        unknown = EXCLUDE

    def load(self, data: Any, **options: Any) -> Any:
        """``data`` as an instance of the dataclass."""
        return self.makes(**super().load(data, **options))


class _Part(fields.Nested):
    """A nested dataclass."""

    def _load(self, value: Any, partial: Any = None) -> Any:
        """Load through the part's own schema, so that the part becomes its dataclass."""
        del partial
        return self.schema.load(value)


class _Tuple(fields.List[Any]):
    """A list that loads into a tuple, so that events stay immutable."""

    def _deserialize(self, *args: Any, **kwargs: Any) -> Any:
        """The list as a tuple."""
        return tuple(super()._deserialize(*args, **kwargs))


_JSON_READY = {str, int, bool, type(None)}
_TEXTS: dict[type[Any], Callable[[Any], str]] = {datetime: utc_text, date: date.isoformat}


def json_ready(value: Any) -> Any:
    """What the schema of a dataclass would write, in a tenth of its time: a value's type says at once what it is."""
    kind = type(value)
    if kind in _JSON_READY:
        return value
    if kind in _TEXTS:
        return _TEXTS[kind](value)
    if kind is tuple:
        return [json_ready(one) for one in value]
    if isinstance(value, Mapping):
        return {key: json_ready(one) for key, one in value.items()}
    return {key: json_ready(getattr(value, name)) for name, key in _keys(kind)}  # type: ignore[arg-type]  # as above


@cache
def _keys(cls: type[Any]) -> Sequence[tuple[str, str]]:
    return [(field.name, camel(field.name)) for field in dataclasses.fields(cls)]


_PLAIN: dict[Any, Callable[..., fields.Field[Any]]] = {
    str: fields.String,
    int: lambda **options: fields.Integer(strict=True, **options),
    bool: fields.Boolean,
    datetime: UtcDateTime,
    date: fields.Date,
}


def _field(hint: Any, **options: Any) -> fields.Field[Any]:
    """The marshmallow field for one type hint. Raises ``TypeError`` for a hint that events do not use."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        (inner,) = (argument for argument in arguments if argument is not type(None))
        return _field(inner, allow_none=True, **options)
    if origin is Literal:
        return fields.String(validate=validate.OneOf(arguments), **options)
    if origin is tuple:
        return _Tuple(_field(arguments[0]), **options)
    if origin is Mapping:
        return fields.Dict(keys=fields.String(), values=_field(arguments[1]), **options)
    if dataclasses.is_dataclass(hint):
        return _Part(schema_of(hint), **options)  # type: ignore[arg-type]  # is_dataclass says instance or type
    if hint in _PLAIN:
        return _PLAIN[hint](**options)
    raise TypeError(f"events do not carry {hint!r}")


def _is_required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _dataclasses_in(hint: Any) -> list[type[Any]]:
    if dataclasses.is_dataclass(hint):
        return [hint]  # type: ignore[list-item]  # is_dataclass says instance or type
    return [inner for argument in get_args(hint) for inner in _dataclasses_in(argument)]
