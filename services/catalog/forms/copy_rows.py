"""The page on which a meeting is copied: the name of a series, and a row of fields for each copy."""

from dataclasses import replace
from typing import Any, Final

from services.catalog.forms.copies import read_copy
from services.catalog.forms.fields import Line
from services.catalog.forms.rows import Row, rows_of
from services.catalog.rules.filters import Vocabulary
from services.catalog.rules.flaws import Flaw, FlawedError
from services.catalog.rules.meeting import Meeting, MeetingDetails
from shared.i18n import N_
from shared.web.fields import Form as Fields
from shared.web.forms import Form, put

ROWS: Final = "copies"
"""Under which name the rows stand on the page (``copies.0.startsAt``)."""

MOST: Final = 50
"""How many copies may be made at once."""

_CELLS = ("startsAt", "region", "venue.name", "venue.address", "venue.postalCode", "venue.city", "seatPlan.capacity")
_VENUE = ("name", "address", "postalCode", "city")


class CopiesForm(Fields):
    """What is the same for all copies; the rows are read by themselves."""

    series = Line(100)


def numbered(form: Form) -> Form:
    """The form with its rows numbered from 0 on, so that a reason names the row that it is shown in."""
    typed = {name: value for name, value in form.typed.items() if not name.startswith(f"{ROWS}.")}
    for number, row in enumerate(rows_of(form, ROWS)):
        typed |= {f"{ROWS}.{number}.{name}": value for name, value in row.items()}
    return Form(typed, form.errors, form.loaded)


def read_copies(original: Meeting, form: Form, vocabulary: Vocabulary) -> list[MeetingDetails]:
    """The copies of ``original`` that the page asks for. Raises ``FlawedError`` with all that is wrong in every row."""
    flaws = [Flaw(each.name, "invalid", each.reason) for each in form.errors]
    rows, copies = rows_of(form, ROWS), []
    if not rows:
        flaws.append(Flaw(f"{ROWS}.0.startsAt", "missing", N_("Say when the copy starts.")))
    if len(rows) > MOST:
        flaws.append(Flaw("", "too-many", N_("At most %(most)s copies can be made at once."), {"most": MOST}))
    for number, row in enumerate(rows[:MOST]):
        try:
            copies.append(read_copy(original, _patch(row, form.value("series")), vocabulary))
        except FlawedError as error:
            flaws += [replace(flaw, name=f"{ROWS}.{number}.{_cell(flaw.name)}") for flaw in error.flaws]
    if flaws:
        raise FlawedError(flaws)
    return copies


def _patch(row: Row, series: str) -> dict[str, Any]:
    """What is different in one copy; a place that was typed stands instead of the whole old one."""
    patch: dict[str, Any] = {"series": series or None}
    for name, value in row.items():
        put(patch, name, value)
    if "venue" in patch:
        patch["venue"] = {**dict.fromkeys(_VENUE), **patch["venue"]}
    return patch


def _cell(name: str) -> str:
    """The field of a row beside which a flaw of ``name`` is shown; of what the row does not ask, beside its start."""
    found = "region" if name == "regions" else name
    return found if found in _CELLS else "startsAt"
