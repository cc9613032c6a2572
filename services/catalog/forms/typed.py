"""What was typed in a form of a page as the JSON that programs send."""

from typing import Any, Final

from shared.web.forms import Form, put

_NO_FIELDS: Final = {"csrf_token", "version", "preview", "seenToday"}


def typed_document(form: Form) -> dict[str, Any]:
    """The fields that say something, by their dotted names; what belongs to the page alone is left out."""
    document: dict[str, Any] = {}
    for name, value in form.typed.items():
        if name not in _NO_FIELDS and value not in ("", []):
            put(document, name, value)
    return document
