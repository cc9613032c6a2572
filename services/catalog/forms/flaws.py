"""What the rules refuse, in the language of the request."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from services.catalog.rules.flaws import ConflictError, Flaw, FlawedError
from shared.i18n import _, current_translator
from shared.web.problems import Invalid, Problem, invalid_input


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


@contextmanager
def as_problems() -> Iterator[None]:
    """Let what the rules refuse in the block be a problem: 400 with every field, 409 for a state that does not fit."""
    try:
        yield
    except FlawedError as error:
        raise invalid_input(shown(error.flaws)) from error
    except ConflictError as error:
        raise Problem(409, error.code, detail=_(error.reason)) from error
