"""What the fields of all forms have in common."""

import re
from typing import Any

from marshmallow import ValidationError, fields, validate

from services.registration.rules.addresses import MAX_LENGTH, BadAddressError, address_key
from shared.calendar.text import UncleanTextError, clean_text
from shared.i18n import N_
from shared.web.fields import UNCLEAN, Line

_LONGEST_TEXT = 1_000
_TOO_LONG = N_("This is longer than we can keep: at most {max} characters.")
_PHONE = re.compile(r"[0-9 +()-]{6,30}")

UNKNOWN_GROUP = N_("We do not know this role.")
"""Beside the field, for a code that is no target group."""


class Paragraphs(fields.String):
    """Text of several lines without outer blanks (calendar rule 5), of at most ``longest`` characters."""

    def __init__(self, longest: int = _LONGEST_TEXT, **options: Any) -> None:
        super().__init__(**options)
        self.longest = longest

    def _deserialize(self, *given: Any, **options: Any) -> str:
        """Refuse what no text may hold, and a required one that is empty."""
        try:
            text = clean_text(super()._deserialize(*given, **options))
        except UncleanTextError as error:
            raise ValidationError(UNCLEAN) from error
        if self.required and not text:
            raise self.make_error("required")
        if len(text) > self.longest:
            raise ValidationError(_TOO_LONG.format(max=self.longest))
        return text


class Answer(fields.Field[Any]):
    """What someone answers to a question: a text, or a list of texts."""

    _text = Paragraphs()
    _texts = fields.List(Line(), validate=validate.Length(max=50))

    def _deserialize(self, value: Any, *given: Any, **options: Any) -> Any:
        """Refuse what no text may hold."""
        return (self._texts if isinstance(value, list) else self._text).deserialize(value, *given, **options)


class Phone(Line):
    """A telephone number, kept as it was typed: digits, blanks, + and ()-."""

    def _deserialize(self, *given: Any, **options: Any) -> str:
        """Refuse what nobody can dial."""
        number = super()._deserialize(*given, **options)
        if not _PHONE.fullmatch(number):
            raise ValidationError(N_("This is not a telephone number. Use digits, spaces, + and ()- only."))
        return number


class Codes(fields.String):
    """Codes in one field, separated by blanks or commas."""

    def _deserialize(self, *given: Any, **options: Any) -> Any:
        """The codes as a list."""
        return re.findall(r"[A-Za-z0-9-]+", super()._deserialize(*given, **options))


class Address(fields.String):
    """A mail address as typed, without outer blanks."""

    def _deserialize(self, *given: Any, **options: Any) -> str:
        """Refuse what mail cannot be sent to."""
        address = super()._deserialize(*given, **options).strip()
        if not address and self.required:
            raise self.make_error("required")
        try:
            address_key(address[: MAX_LENGTH + 1])
        except BadAddressError as error:
            raise ValidationError(N_("This is not a mail address, like name@example.nl.")) from error
        return address
