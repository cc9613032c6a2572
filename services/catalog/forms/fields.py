"""What the fields of all forms have in common."""

import re
from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields, validate

from shared.calendar.text import UncleanTextError, clean_line, clean_text
from shared.web.fields import UNCLEAN

MOST_OF_A_KIND = 200
A_YEAR_OF_HOURS = 8784

_LINE, _TEXT, _ADDRESS = 200, 20_000, 2_000
_MOST_SEATS = 100_000
_EARLIEST_YEAR, _LATEST_YEAR = 1970, 2200
_DIGITS = re.compile(r"-?[0-9]{1,9}")


class Line(fields.String):
    """One line of text, without outer blanks (calendar rule 5)."""

    def __init__(self, longest: int = _LINE, **options: Any) -> None:
        super().__init__(validate=[validate.Length(max=longest), *options.pop("also", ())], **options)

    def _deserialize(self, *given: Any, **options: Any) -> str:
        """Refuse what no line may hold."""
        try:
            return clean_line(super()._deserialize(*given, **options))
        except UncleanTextError as error:
            raise ValidationError(UNCLEAN) from error


class Text(fields.String):
    """Text of several lines, without outer blanks (calendar rule 5)."""

    def _deserialize(self, *given: Any, **options: Any) -> str:
        """Refuse what no text may hold."""
        try:
            return clean_text(super()._deserialize(*given, **options))
        except UncleanTextError as error:
            raise ValidationError(UNCLEAN) from error


class Number(fields.Integer):
    """A whole number; in digits too, as a page's form sends it. Never a fraction cut off, never true or false."""

    def __init__(self, **options: Any) -> None:
        super().__init__(strict=True, **options)

    def _deserialize(self, value: Any, *rest: Any, **options: Any) -> int:
        """Read digits; leave the rest to marshmallow."""
        if isinstance(value, bool):
            raise self.make_error("invalid")
        number = int(value) if isinstance(value, str) and _DIGITS.fullmatch(value) else value
        return super()._deserialize(number, *rest, **options)


class Moment(fields.DateTime):
    """An instant with any offset, or what a clock in the meeting's zone shows (naive; settled later)."""

    def _deserialize(self, *given: Any, **options: Any) -> datetime:
        """Refuse years in which calendars cannot count."""
        moment: datetime = super()._deserialize(*given, **options)
        if not _EARLIEST_YEAR <= moment.year <= _LATEST_YEAR:
            raise ValidationError("Not a valid datetime.")
        return moment


class Texts(fields.Dict):
    """A text per language; empty ones are left out."""

    def __init__(self, text: fields.Field[Any], **options: Any) -> None:
        super().__init__(keys=fields.String(validate=validate.OneOf(("nl", "en"))), values=text, **options)

    def _deserialize(self, *given: Any, **options: Any) -> dict[str, str]:
        """Keep what says something; a required text must."""
        given_texts: dict[str, str] = super()._deserialize(*given, **options)  # type: ignore[no-untyped-call]  # it has none
        texts = {language: text for language, text in given_texts.items() if text}
        if self.required and not texts:
            raise self.make_error("required")
        return texts


def lines(**options: Any) -> Texts:
    """A line per language."""
    return Texts(Line(), **options)


def texts() -> Texts:
    """A text of several lines per language."""
    return Texts(Text(validate=validate.Length(max=_TEXT)))


def email(**options: Any) -> Line:
    """A mail address."""
    return Line(also=(validate.Email(),), **options)


def link(**options: Any) -> Line:
    """The address of a page."""
    return Line(_ADDRESS, also=(validate.URL(schemes={"http", "https"}, require_tld=False),), **options)


def codes() -> fields.List[str]:
    """Codes of one kind of word."""
    return fields.List(Line(), validate=validate.Length(max=MOST_OF_A_KIND))


def count(most: int = _MOST_SEATS, **options: Any) -> Number:
    """How many there are of something."""
    return Number(validate=validate.Range(min=0, max=most), **options)
