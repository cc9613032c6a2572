"""What the rules refuse, in the language of the request."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from marshmallow import Schema, ValidationError

from services.catalog.rules.flaws import ConflictError, Flaw, FlawedError
from shared.calendar.remarks import RefusedFileError
from shared.calendar.stream import TOO_LARGE
from shared.i18n import _, current_translator
from shared.web.problems import Invalid, Problem, invalid_input, reasons


def shown(flaws: Sequence[Flaw]) -> list[Invalid]:
    """The flaws in the language of the request."""
    translator = current_translator()
    return [
        Invalid(
            flaw.name,
            translator.gettext(flaw.reason) % flaw.values if flaw.values else translator.gettext(flaw.reason),
            flaw.code,
        )
        for flaw in flaws
    ]


def read_through(schema: Schema, document: Any) -> tuple[dict[str, Any], list[Flaw]]:
    """What ``schema`` could read of a document, and a flaw for everything that it could not."""
    try:
        return schema.load(document), []
    except ValidationError as error:
        messages = error.messages if isinstance(error.messages, Mapping) else {"": error.messages}
        flaws = [Flaw(each.name, "invalid", each.reason) for each in reasons(messages)]
        return dict(error.valid_data) if isinstance(error.valid_data, Mapping) else {}, flaws


@contextmanager
def as_problems() -> Iterator[None]:
    """Let what the rules refuse in the block be a problem: 400 with every field, 409 for a state that does not fit."""
    try:
        yield
    except FlawedError as error:
        raise invalid_input(shown(error.flaws)) from error
    except ConflictError as error:
        raise Problem(409, error.code, detail=_(error.reason)) from error


def in_words(flaws: Sequence[Flaw]) -> str:
    """All of them as one text in the language of the request, each with the field that it is about."""
    return " ".join(f"{each.name}: {each.reason}" if each.name else each.reason for each in shown(flaws))


def refusal(error: RefusedFileError) -> Problem:
    """The problem that nothing of a file can be used: 413 where there is too much of it, else 400."""
    remark = error.remark
    reason = _(remark.reason, **remark.values)
    if remark.code == TOO_LARGE:
        return Problem(413, "file-too-large", detail=reason)
    return Problem(400, "file-refused", detail=reason, errors=[Invalid("", reason, remark.code)])
