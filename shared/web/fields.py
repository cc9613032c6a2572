"""What the forms of every service are made of."""

from typing import Any

from marshmallow import Schema, ValidationError, fields

from shared.calendar.text import UncleanTextError, clean_line
from shared.events.contract import camel
from shared.i18n import N_

UNCLEAN = N_("This text holds a character that cannot be used, such as an invisible one.")
"""Beside a field that holds such a character."""

_LONGEST_LINE = 200


class Form(Schema):
    """Names in Python's way inside, camelCase outside."""

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """``target_group`` comes in as ``targetGroup``."""
        field_obj.data_key = camel(field_obj.data_key or field_name)


class Line(fields.String):
    """One line of text of at most 200 characters, without outer blanks (calendar rule 5)."""

    def _deserialize(self, *given: Any, **options: Any) -> str:
        """Refuse what no line may hold, and a required one that is empty."""
        try:
            line = clean_line(super()._deserialize(*given, **options))
        except UncleanTextError as error:
            raise ValidationError(UNCLEAN) from error
        if self.required and not line:
            raise self.make_error("required")
        if len(line) > _LONGEST_LINE:
            raise ValidationError(N_("This is longer than we can keep: at most 200 characters."))
        return line
