"""The form of a meeting on a page: what stands in it, and what was changed in it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from services.catalog.forms.meetings import document_of
from services.catalog.rules.meeting import MeetingDetails
from shared.calendar.zones import AMSTERDAM, zone_named
from shared.web.forms import Form, filled

_MOMENTS = {"startsAt", "endsAt", "doorsOpenAt", "releaseAt", "opensAt", "closesAt"}
_NO_FIELDS = {"csrf_token", "version"}
_FORM_DEFAULTS = {
    "timeZone": AMSTERDAM,
    "attendanceMode": "offline",
    "visibility": "public",
    "seatPlan.waitingList": "true",
    "seatPlan.promotion": "automatic",
}


def empty_form() -> Form:
    """What stands in the form of a meeting that is not there yet."""
    return Form({**_FORM_DEFAULTS})


def form_of(meeting: MeetingDetails) -> Form:
    """What stands in the form of ``meeting``: times are local in its zone."""
    typed = {name: value if isinstance(value, list) else _as_typed(value) for name, value in _dotted(meeting)}
    return Form({**_FORM_DEFAULTS, **typed})


def patch_of(form: Form, before: Form) -> dict[str, Any]:
    """The merge patch from what stood in the form ``before`` to what was typed. What was left alone is not in it."""
    patch: dict[str, Any] = {}
    for name, value in form.typed.items():
        if name not in _NO_FIELDS and value != before.value(name) and (value or before.value(name)):
            *path, last = name.split(".")
            inner = patch
            for part in path:
                inner = inner.setdefault(part, {})
            inner[last] = value if value != "" else None
    return patch


def _dotted(meeting: MeetingDetails) -> Iterator[tuple[str, Any]]:
    """The values of a page's fields by their dotted names; moments as a clock in the meeting's zone shows them."""
    zone = zone_named(meeting.time_zone)
    for name, value in filled(document_of(meeting)).typed.items():
        is_moment = name.rpartition(".")[2] in _MOMENTS
        yield name, f"{datetime.fromisoformat(value).astimezone(zone):%Y-%m-%dT%H:%M}" if is_moment else value


def _as_typed(value: Any) -> str:
    """A value as a form sends it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
