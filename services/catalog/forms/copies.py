"""How a meeting or a series is copied."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from marshmallow import ValidationError, validate, validates_schema

from services.catalog.forms.details import one_region_is_all, read_details
from services.catalog.forms.fields import Line, Moment, Number
from services.catalog.forms.meetings import MeetingForm
from services.catalog.rules.copying import starting_at
from services.catalog.rules.document import document_of
from services.catalog.rules.filters import Vocabulary
from services.catalog.rules.flaws import Flaw, FlawedError
from services.catalog.rules.meeting import Meeting, MeetingDetails
from services.catalog.rules.schedule import instant, zone_flaws
from shared.i18n import N_
from shared.web.fields import Form
from shared.web.reading import merge_patch

MOST_DAYS = 3660
"""How far meetings are copied or moved at once."""


class CopyForm(MeetingForm):
    """When the copy starts, and what else is different from the original, as a merge patch."""

    def __init__(self, **options: Any) -> None:
        others = tuple(name for name in MeetingForm().fields if name != "starts_at")
        super().__init__(**{"partial": others, **options})


class SeriesCopyForm(Form):
    """How a series is copied."""

    days = Number(
        load_default=0,
        validate=validate.Range(min=-MOST_DAYS, max=MOST_DAYS),
        metadata={"description": "How many days later each meeting is; negative: earlier."},
    )
    series = Line(
        100, metadata={"description": N_("The name of the new series; without it the copies join the old one.")}
    )

    @validates_schema
    def _differs(self, loaded: Mapping[str, Any], **_options: Any) -> None:
        """Refuse copies that nobody could tell from the originals."""
        if not loaded["days"] and not loaded.get("series"):
            raise ValidationError(N_("Give a number of days, or another name."), "days")


def read_copy(original: Meeting, document: Any, vocabulary: Vocabulary) -> MeetingDetails:
    """A copy of ``original`` that starts at ``startsAt`` of ``document``, and is different in what else that says.

    All moments of the original move along, as its clock on the wall shows them. Raises ``FlawedError`` with everything
    that is wrong.
    """
    patch = one_region_is_all(document)
    starts_at = _start(patch, original.time_zone) if isinstance(patch, Mapping) else None
    before = original.details if starts_at is None else starting_at(original.details, starts_at)
    details = read_details(merge_patch(document_of(before), patch), vocabulary, original.retention_days)
    if starts_at is None:
        raise FlawedError([Flaw("startsAt", "missing", N_("Say when the copy starts."))])
    return details


def _start(patch: Mapping[str, Any], zone: str) -> datetime | None:
    """The aware start in ``patch``, or None where it is missing or wrong, which reading the whole will tell."""
    other = patch.get("timeZone")
    zone = other if isinstance(other, str) and not list(zone_flaws(other)) else zone
    try:
        found = instant("startsAt", cast("datetime", Moment().deserialize(patch.get("startsAt"))), zone)
    except ValidationError:
        return None
    return None if isinstance(found, Flaw) else found
