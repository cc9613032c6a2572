"""Facts back from a column that we filled ourselves.

What comes from outside is checked by its schema. What we wrote is only put together again, in a tenth of that time:
when a meeting moves, everyone's facts are read.
"""

import dataclasses
import types
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from shared.events.contract import camel

T = TypeVar("T")
_Read = Callable[[Any], Any]

_FROM_TEXT: Mapping[Any, _Read] = {datetime: datetime.fromisoformat, date: date.fromisoformat}


def read_facts(cls: type[T], facts: Mapping[str, Any]) -> T:
    """The frozen dataclass ``cls`` that ``facts`` (JSON values, camelCase, as its schema dumps them) say."""
    made: T = _reader(cls)(facts)  # type: ignore[arg-type]  # classes are hashable; mypy doubts it
    return made


@cache
def _reader(cls: type[Any]) -> _Read:
    hints = get_type_hints(cls)
    fields = [(field.name, camel(field.name), _reader_of(hints[field.name])) for field in dataclasses.fields(cls)]

    def read(facts: Mapping[str, Any]) -> Any:
        return cls(**{name: made(facts[key]) for name, key, made in fields if key in facts})

    return read


def _reader_of(hint: Any) -> _Read:
    """How a value of this type is read; what JSON holds as it is stays so."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        (inner,) = (_reader_of(argument) for argument in arguments if argument is not type(None))
        return lambda value: None if value is None else inner(value)
    if origin is tuple:
        each = _reader_of(arguments[0])
        return lambda values: tuple(map(each, values))
    if origin is Mapping:
        named = _reader_of(arguments[1])
        return lambda values: {name: named(value) for name, value in values.items()}
    if dataclasses.is_dataclass(hint):
        return _reader(hint)  # type: ignore[arg-type]  # is_dataclass says instance or type
    return _FROM_TEXT.get(hint, lambda value: value)
