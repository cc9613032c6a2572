"""Meetings as something else names them: a piece of knowledge, an expert."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from marshmallow import ValidationError, fields

from services.catalog.forms.fields import MOST_OF_A_KIND
from services.catalog.rules.flaws import Flaw
from shared.i18n import N_


class MeetingNames(fields.Field[list[str]]):
    """Names as a list, or as a page sends them: one on each line."""

    def __init__(self) -> None:
        super().__init__(
            metadata={
                "type": "array",
                "items": {"type": "string"},
                "description": N_("Each by its id, its slug or the address of its page."),
            }
        )

    def _deserialize(self, value: Any, *rest: Any, **options: Any) -> list[str]:
        """Leave out empty lines."""
        del rest, options
        named = value.splitlines() if isinstance(value, str) else value
        if not isinstance(named, list) or not all(isinstance(name, str) for name in named):
            raise ValidationError("Not a valid list.")
        if len(named) > MOST_OF_A_KIND:
            raise ValidationError(N_("These are more than we can keep."))
        return [name.strip() for name in named if name.strip()]


def named_meetings(document: Any) -> list[str]:
    """The meetings that JSON names, however wrong the rest of it is."""
    given = document.get("meetings") if isinstance(document, Mapping) else None
    try:
        return MeetingNames().deserialize(given or [])
    except ValidationError:
        return []


def unknown_names(field: str, names: Iterable[str], known: Collection[str]) -> list[Flaw]:
    """What is wrong with a field that names what nobody knows."""
    return [
        Flaw(field, "unknown-code", N_("There is no %(code)s."), {"code": repr(name)})
        for name in names
        if name not in known
    ]
