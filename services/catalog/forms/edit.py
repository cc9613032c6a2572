"""The form of a meeting on a page: what stands in it, and what was changed in it."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, tzinfo
from typing import Any

from services.catalog.forms.meetings import SeatPlanForm
from services.catalog.forms.rows import LISTS, documents, in_rows, is_sent
from services.catalog.rules.document import document_of
from services.catalog.rules.meeting import MeetingDetails
from shared.calendar.zones import AMSTERDAM, zone_named
from shared.web.forms import Form, filled, put

MOMENTS = {"startsAt", "endsAt", "publishAt", "doorsOpenAt", "releaseAt", "opensAt", "closesAt"}
_NO_FIELDS = {"csrf_token", "version", "confirmed", "changeReason", "back", "preview"}
_FORM_DEFAULTS = {
    "timeZone": AMSTERDAM,
    "attendanceMode": "offline",
    "visibility": "public",
    "seatPlan.waitingList": "true",
    "seatPlan.promotion": "automatic",
}
_PER_GROUP = ("reserved", "maximum")

_BESIDE = (
    (re.compile(r"region"), "regions"),
    (re.compile(r"venue"), "venue.name"),
    (re.compile(r"(.+\.)?(title|label)"), r"\g<0>.nl"),
    (re.compile(r"(sessions\.\d+)\.id"), r"\1.title.nl"),
    (re.compile(r"(.+\.questions\.\d+)\.id"), r"\1.label.nl"),
    (re.compile(r"(.+\.options)(\..+)?"), r"\1.nl"),
    (re.compile(r"reminders\..+"), "reminders"),
)
"""The field of the page beside which a flaw of something bigger, or of something unseen, is shown."""


def empty_form() -> Form:
    """What stands in the form of a meeting that is not there yet."""
    return Form({**_FORM_DEFAULTS})


def form_of(meeting: MeetingDetails) -> Form:
    """What stands in the form of ``meeting``: times are local in its zone."""
    return form_from(document_of(meeting))


def form_from(document: Mapping[str, Any]) -> Form:
    """The same for a meeting in JSON."""
    typed = {name: _as_typed(value) for name, value in _dotted(document)}
    return Form({**_FORM_DEFAULTS, **typed})


def proposed(asked: Mapping[str, str], meeting: MeetingDetails, groups: Collection[str]) -> dict[str, str]:
    """The fields of a seat plan (``seatPlan.reserved.inkoper``) that an address fills in, as they would be typed.

    ``groups`` are the codes that exist; any other name is no field.
    """
    plan = {declared.data_key for declared in SeatPlanForm().load_fields.values()} - set(_PER_GROUP)
    known = {f"seatPlan.{name}" for name in plan}
    known |= {f"seatPlan.{name}.{code}" for name in _PER_GROUP for code in groups}
    zone = zone_named(meeting.time_zone)
    return {name: _as_shown(name, value.strip(), zone) for name, value in asked.items() if name in known}


def patch_of(form: Form, before: Form) -> dict[str, Any]:
    """The merge patch from what stood in the form ``before`` to what was typed. What was left alone is not in it.

    A list that stands on the page in rows is in it whole, where anything in it is different.
    """
    patch: dict[str, Any] = {}
    for name, value in form.typed.items():
        is_row = any(name.startswith(f"{each}.") for each in LISTS)
        if name not in _NO_FIELDS and not is_row and is_typed(name, form, before):
            put(patch, name, value if value != "" else None)
    for name in LISTS:
        if is_typed(name, form, before):
            put(patch, name, documents(form, name))
    return patch


def is_typed(name: str, form: Form, before: Form) -> bool:
    """Whether the field or the list ``name`` was sent, and differs from what stood in the form ``before``."""
    if name in LISTS:
        return is_sent(form, name) and documents(form, name) != documents(before, name)
    return name in form.typed and _differ(form.value(name), before.value(name))


def touched(form: Form, before: Form) -> Form:
    """Only what was typed over the form ``before``, without the fields and lists that were left alone."""
    typed = {
        name: value
        for name, value in form.typed.items()
        if name in _NO_FIELDS
        or is_typed(next((each for each in LISTS if name.startswith(f"{each}.")), name), form, before)
    }
    return Form(typed, form.errors)


def beside(name: str) -> str:
    """The field of the page beside which a flaw of ``name`` is shown."""
    return next((pattern.sub(field, name) for pattern, field in _BESIDE if pattern.fullmatch(name)), name)


def _differ(typed: Any, before: Any) -> bool:
    """Whether a field was changed; boxes that are ticked have no order of their own."""
    if isinstance(typed, list) and isinstance(before, list):
        return sorted(typed) != sorted(before)
    return bool(typed or before) and typed != before


def _dotted(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The values of a page's fields by their dotted names."""
    zone = zone_named(document["timeZone"])
    for name, value in filled(in_rows(document)).typed.items():
        yield name, _as_shown(name, value, zone)


def _as_shown(name: str, value: Any, zone: tzinfo) -> Any:
    """A moment as a clock in ``zone`` shows it; anything else, also a moment on some clock, as it is."""
    if name.rpartition(".")[2] not in MOMENTS:
        return value
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    return f"{moment.astimezone(zone):%Y-%m-%dT%H:%M}" if moment.tzinfo else value


def _as_typed(value: Any) -> Any:
    """A value as a form sends it."""
    if isinstance(value, list):
        return [_as_typed(each) for each in value]
    return str(value).lower() if isinstance(value, bool) else str(value)
