"""The types of problems that programs tell apart, each with a page that explains it (RFC 9457, section 3.1.1)."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, current_app

from shared.i18n import N_

_EXTENSION = "kring_problem_types"


@dataclass(frozen=True)
class ProblemType:
    """One kind of refusal. ``name`` ends its address; ``why`` and ``remedy`` are English, marked for translation.

    ``why`` says what is the matter, ``remedy`` what a program or its user can do about it.
    """

    name: str
    status: int
    why: str
    remedy: str


COMMON = (
    ProblemType(
        "invalid-input",
        400,
        N_("Some fields are not right"),
        N_("Each of them stands in errors, with its dotted name, the reason and a code. Correct them all, send again."),
    ),
    ProblemType(
        "not-acceptable",
        406,
        N_("We cannot answer in that form"),
        N_("Ask in Accept for one of the media types that this operation names."),
    ),
    ProblemType(
        "version-required",
        428,
        N_("Say which version you change"),
        N_("Send If-Match with the ETag of the version you saw, or with *."),
    ),
    ProblemType(
        "version-stale",
        412,
        N_("Someone else changed this in the meantime"),
        N_("Fetch it again, look at what changed and send your change once more."),
    ),
    ProblemType(
        "too-many-requests",
        429,
        N_("Too many requests came from this address, for this address or for this meeting."),
        N_("Wait as many seconds as Retry-After says."),
    ),
)
"""What every API may answer."""


def keep_problem_types(app: Flask, types: Sequence[ProblemType]) -> None:
    """Let ``app`` know the types of problems of its service."""
    app.extensions[_EXTENSION] = {each.name: each for each in (*COMMON, *types)}


def problem_types_of(app: Flask) -> dict[str, ProblemType]:
    """The types that ``app`` knows, by name."""
    known: dict[str, ProblemType] = app.extensions[_EXTENSION]
    return known


def type_address(name: str) -> str:
    """The address that names a type of problem, and explains it, in a request."""
    config = current_app.config
    return f"{config['KRING_SETTINGS'].base_url}{config['KRING_PREFIX']}/problems/{name}"
