"""What the fields of all forms have in common."""

from collections.abc import Collection, Sequence
from typing import Any

from marshmallow import ValidationError, fields, validate

from services.notifications.rules.addresses import mailbox
from shared.i18n import LANGUAGES, N_, current_translator

_LONGEST_ADDRESS = 254  # RFC 5321 4.5.3.1.3, without the angle brackets

UNKNOWN_ROLE = N_("We do not know this role.")
UNKNOWN_REGION = N_("We do not know this region.")
"""Beside the field, for a code that nobody knows."""


class Address(fields.String):
    """A mail address as typed, without outer blanks."""

    def _deserialize(self, *given: Any, **options: Any) -> str:
        """Refuse what mail cannot be sent to."""
        address = super()._deserialize(*given, **options).strip()
        try:
            is_good = len(mailbox(address)) <= _LONGEST_ADDRESS
        except ValueError:
            is_good = False
        if not is_good:
            raise ValidationError(N_("This is not a mail address, like name@example.nl."))
        return address


class LanguageField(fields.String):
    """The language somebody reads; that of the request unless it says another."""

    def __init__(self) -> None:
        super().__init__(validate=validate.OneOf(LANGUAGES), load_default=lambda: current_translator().language)


def unknown(given: Sequence[str], known: Collection[str], why: str) -> dict[int, list[str]]:
    """``why`` beside each code that is none of those ``known``, by its number in the list."""
    return {number: [why] for number, code in enumerate(given) if code not in known}
