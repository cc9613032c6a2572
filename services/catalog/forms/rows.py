"""Lists that a page shows as rows of fields (``sessions.0.title.nl``): one empty row more than there are."""

import re
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any, Final

from services.catalog.forms.talks import LASTING, talks_in
from shared.web.forms import Form, put

LISTS: Final = {"sessions": 200, "registration.questions": 20, "listDeliveries": 200, "documents": 50}
"""The lists that stand on the page, and how long each may be."""

Row = dict[str, Any]
"""What was typed in one row, by the dotted name within it; what is empty is left out."""

_NUMBER = re.compile(r"[0-9]{1,3}")
_SAYS_NOTHING = {"id", "kind", "required", "hoursBefore", "asFile", "purpose", LASTING}


def rows_of(form: Form, name: str) -> list[Row]:
    """The rows of the list ``name``; without those that are empty or ticked to be removed."""
    found: dict[int, Row] = {}
    for field, value in form.typed.items():
        number, _, member = field.removeprefix(f"{name}.").partition(".")
        if field.startswith(f"{name}.") and _NUMBER.fullmatch(number) and value not in ("", []):
            found.setdefault(int(number), {})[member] = value
    rows = [row for _, row in sorted(found.items()) if "remove" not in row and not _SAYS_NOTHING.issuperset(row)]
    return [talk for row in rows for talk in talks_in(row)]


def shown_rows(form: Form, name: str) -> range:
    """The numbers of the rows that the page shows."""
    return range(min(len(rows_of(form, name)) + 1, LISTS[name]))


def is_sent(form: Form, name: str) -> bool:
    """Whether the list ``name`` stood in the form that was sent."""
    return any(field.startswith(f"{name}.") for field in form.typed)


def renumbered(form: Form) -> Form:
    """The form with its rows numbered from 0 on, so that a reason names the row that it is shown in.

    Of a list that was sent without any, its first row stays, empty: it says that all are to go.
    """
    typed = {field: value for field, value in form.typed.items() if not _stands_in(field, LISTS)}
    for name in LISTS:
        if is_sent(form, name):
            typed[f"{name}.0"] = ""
        for number, row in enumerate(rows_of(form, name)):
            typed |= {f"{name}.{number}.{member}": value for member, value in row.items()}
    return Form(typed, form.errors, form.loaded)


def over(before: Form, form: Form) -> Form:
    """What was typed, and what stood in the form ``before`` where nothing was sent."""
    sent = [name for name in LISTS if is_sent(form, name)]
    kept = {field: value for field, value in before.typed.items() if not _stands_in(field, sent)}
    return Form({**kept, **form.typed})


def documents(form: Form, name: str) -> list[dict[str, Any]]:
    """The rows as JSON, the way the API takes them."""
    return [_document(row) for row in rows_of(form, name)]


def in_rows(document: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON of a meeting with each list on the page as a mapping of its rows by their number."""
    terms = document["registration"]
    questions = [{**question, "options": _as_lines(question["options"])} for question in terms["questions"]]
    return {
        **document,
        "sessions": _by_number(document["sessions"]),
        "listDeliveries": _by_number(document["listDeliveries"]),
        "documents": _by_number(document["documents"]),
        "registration": {**terms, "questions": _by_number(questions)},
    }


def _stands_in(field: str, lists: Sequence[str] | Mapping[str, int]) -> bool:
    return any(field.startswith(f"{name}.") for name in lists)


def _document(row: Row) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for member, value in row.items():
        put(document, member, value)
    if "options" in document:
        document["options"] = _options(document["options"])
    if "targetGroups" in document:
        document["targetGroups"] = sorted(document["targetGroups"])
    return document


def _options(lines: Mapping[str, str]) -> list[dict[str, str]]:
    """One option for each line, in as many languages as have that line."""
    texts = {language: [line.strip() for line in text.splitlines()] for language, text in lines.items()}
    options = [dict(zip(texts, words, strict=True)) for words in zip_longest(*texts.values(), fillvalue="")]
    return [option for option in options if any(option.values())]


def _as_lines(options: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """A line for each option, up to the last that has that language; one before it that lacks it has other words."""
    found = {}
    for language in {language for option in options for language in option}:
        last = max(number for number, option in enumerate(options) if language in option)
        lines = [option.get(language) or next(iter(option.values())) for option in options[: last + 1]]
        found[language] = "\n".join(lines)
    return found


def _by_number(rows: Sequence[Any]) -> dict[str, Any]:
    return {str(number): row for number, row in enumerate(rows)}
