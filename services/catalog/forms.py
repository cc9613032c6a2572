"""What comes in and what goes out, for pages and API alike: JSON in camelCase, dotted names for a page's fields."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, validate

from services.catalog.rules.filters import Vocabulary
from services.catalog.rules.flaws import ConflictError, Flaw, FlawedError
from services.catalog.rules.meeting import STATUSES, Meeting, MeetingDetails
from services.catalog.rules.reach import may_change
from services.catalog.rules.schedule import instant, session_flaws, span_flaws, zone_flaws
from shared.calendar.text import UncleanTextError, clean_line, clean_text
from shared.calendar.zones import AMSTERDAM, zone_named
from shared.db.transaction import new_id
from shared.events.catalog import Contact, ListDelivery, RegistrationTerms, SeatPlan, Session, Venue
from shared.events.contract import camel, schema_of
from shared.i18n import N_, _, current_translator
from shared.people.roles import Actor
from shared.web.api import PageQuery
from shared.web.forms import Form, filled
from shared.web.problems import Invalid, Problem, invalid_input, reasons

_LINE, _TEXT, _ADDRESS = 200, 20_000, 2_000
_MOST_SEATS = 100_000
_MOST_OF_A_KIND = 200
_EARLIEST_YEAR, _LATEST_YEAR = 1970, 2200
_A_YEAR_OF_HOURS = 8784

ORGANISERS_ONLY: Final = ("onlineUrl", "listDeliveries", "surveyUrl")
"""What the public never sees of a meeting."""

_MOMENTS = {"startsAt", "endsAt", "doorsOpenAt", "releaseAt", "opensAt", "closesAt"}
_NO_FIELDS = {"csrf_token", "version"}
_FORM_DEFAULTS = {
    "timeZone": AMSTERDAM,
    "attendanceMode": "offline",
    "visibility": "public",
    "seatPlan.waitingList": "true",
    "seatPlan.promotion": "automatic",
}

_DIGITS = re.compile(r"-?[0-9]{1,9}")
_UNCLEAN = N_("This text holds a character that cannot be used, such as an invisible one.")


class _Form(Schema):
    """Names in Python's way inside, camelCase outside."""

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """``starts_at`` comes in as ``startsAt``."""
        field_obj.data_key = camel(field_obj.data_key or field_name)


class _Line(fields.String):
    """One line of text, without outer blanks (calendar rule 5)."""

    def __init__(self, longest: int = _LINE, **options: Any) -> None:
        super().__init__(validate=[validate.Length(max=longest), *options.pop("also", ())], **options)

    def _deserialize(self, *given: Any, **options: Any) -> str:
        """Refuse what no line may hold."""
        try:
            return clean_line(super()._deserialize(*given, **options))
        except UncleanTextError as error:
            raise ValidationError(_UNCLEAN) from error


class _Text(fields.String):
    """Text of several lines, without outer blanks (calendar rule 5)."""

    def _deserialize(self, *given: Any, **options: Any) -> str:
        """Refuse what no text may hold."""
        try:
            return clean_text(super()._deserialize(*given, **options))
        except UncleanTextError as error:
            raise ValidationError(_UNCLEAN) from error


class _Number(fields.Integer):
    """A whole number; in digits too, as a page's form sends it. Never a fraction cut off, never true or false."""

    def __init__(self, **options: Any) -> None:
        super().__init__(strict=True, **options)

    def _deserialize(self, value: Any, *rest: Any, **options: Any) -> int:
        """Read digits; leave the rest to marshmallow."""
        if isinstance(value, bool):
            raise self.make_error("invalid")
        number = int(value) if isinstance(value, str) and _DIGITS.fullmatch(value) else value
        return super()._deserialize(number, *rest, **options)


class _Moment(fields.DateTime):
    """An instant with any offset, or what a clock in the meeting's zone shows (naive; settled later)."""

    def _deserialize(self, *given: Any, **options: Any) -> datetime:
        """Refuse years in which calendars cannot count."""
        moment: datetime = super()._deserialize(*given, **options)
        if not _EARLIEST_YEAR <= moment.year <= _LATEST_YEAR:
            raise ValidationError("Not a valid datetime.")
        return moment


class _Texts(fields.Dict):
    """A text per language; empty ones are left out."""

    def __init__(self, text: fields.Field[Any], **options: Any) -> None:
        super().__init__(keys=fields.String(validate=validate.OneOf(("nl", "en"))), values=text, **options)

    def _deserialize(self, *given: Any, **options: Any) -> dict[str, str]:
        """Keep what says something; a required text must."""
        given_texts: dict[str, str] = super()._deserialize(*given, **options)  # type: ignore[no-untyped-call]  # it has none
        texts = {language: text for language, text in given_texts.items() if text}
        if self.required and not texts:
            raise self.make_error("required")
        return texts


def _lines(**options: Any) -> _Texts:
    return _Texts(_Line(), **options)


def _texts() -> _Texts:
    return _Texts(_Text(validate=validate.Length(max=_TEXT)))


def _email() -> _Line:
    return _Line(also=(validate.Email(),))


def _link() -> _Line:
    return _Line(_ADDRESS, also=(validate.URL(schemes={"http", "https"}, require_tld=False),))


def _codes() -> fields.List[str]:
    return fields.List(_Line(), validate=validate.Length(max=_MOST_OF_A_KIND))


def _count(most: int = _MOST_SEATS, **options: Any) -> "_Number":
    return _Number(validate=validate.Range(min=0, max=most), **options)


class ContactForm(_Form):
    """An office or a person that answers questions."""

    name = _Line()
    email = _email()
    phone = _Line()


class VenueForm(_Form):
    """Where people meet."""

    name = _Line()
    address = _Line()
    postal_code = _Line(20)
    city = _Line()


class SessionForm(_Form):
    """A part of the programme."""

    id = _Line(36)
    title = _lines(required=True)
    starts_at = _Moment()
    ends_at = _Moment()
    speaker = _Line()
    room = _Line()
    capacity = _count()


class SeatPlanForm(_Form):
    """How many seats there are and for whom."""

    capacity = _count(required=True)
    online_capacity = _count()
    reserved = fields.Dict(keys=_Line(), values=_count())
    maximum = fields.Dict(keys=_Line(), values=_count())
    release_at = _Moment()
    waiting_list = fields.Boolean()
    promotion = fields.String(validate=validate.OneOf(("automatic", "offer", "manual")))
    offer_hours = _count(_A_YEAR_OF_HOURS)
    cutoff_hours = _count(_A_YEAR_OF_HOURS)


class RegistrationForm(_Form):
    """How one signs up."""

    opens_at = _Moment()
    closes_at = _Moment()
    cancel_free_until_hours = _count(_A_YEAR_OF_HOURS)
    approval = fields.Boolean()
    confirm_first = fields.Boolean()
    other_roles = fields.Boolean()
    ask_access = fields.Boolean()
    ask_diet = fields.Boolean()
    questions = fields.List(_Line(500), validate=validate.Length(max=20))


class ListDeliveryForm(_Form):
    """Who gets the attendee list, and when."""

    hours_before = _Number(required=True, validate=validate.Range(min=-_A_YEAR_OF_HOURS, max=_A_YEAR_OF_HOURS))
    email = _Line(required=True, also=(validate.Email(),))
    name = _Line()
    target_group = _Line()
    as_file = fields.Boolean()


class MeetingForm(_Form):
    """A meeting as an organiser gives it: title, start and end are enough for a draft."""

    title = _lines(required=True)
    starts_at = _Moment(required=True)
    ends_at = _Moment(required=True)
    time_zone = _Line()
    summary = _texts()
    description = _texts()
    region = _Line(metadata={"description": "The only one of `regions`."})
    regions = _codes()
    target_groups = _codes()
    themes = _codes()
    series = _Line(100)
    organiser = fields.Nested(ContactForm)
    contact = fields.Nested(ContactForm)
    controller = _Line()
    format = _Line()
    visibility = fields.String(validate=validate.OneOf(("public", "unlisted", "invited")))
    doors_open_at = _Moment()
    attendance_mode = fields.String(validate=validate.OneOf(("offline", "online", "mixed")))
    venue = fields.Nested(VenueForm)
    online_url = _link()
    travel_info = _texts()
    accessibility_info = _texts()
    cost_note = _texts()
    sessions = fields.List(fields.Nested(SessionForm), validate=validate.Length(max=_MOST_OF_A_KIND))
    seat_plan = fields.Nested(SeatPlanForm)
    registration = fields.Nested(RegistrationForm)
    reminders = fields.List(_count(_A_YEAR_OF_HOURS), validate=validate.Length(max=20))
    list_deliveries = fields.List(fields.Nested(ListDeliveryForm), validate=validate.Length(max=_MOST_OF_A_KIND))
    survey_url = _link()
    retention_days = _count(3650)


class MeetingPatch(MeetingForm):
    """A merge patch (RFC 7396) on a meeting: what is to change; null takes away."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"partial": True, **options})


class MeetingQuery(PageQuery):
    """How a list of meetings is asked for; a filter may be given more than once."""

    region = fields.List(fields.String())
    targetGroup = fields.List(fields.String())  # noqa: N815  # the name in the address
    theme = fields.List(fields.String())
    series = fields.List(fields.String())
    organisation = fields.List(fields.String(), metadata={"description": "TOOI address"})
    from_ = fields.List(fields.String(), data_key="from", metadata={"description": "day (2027-06-12) or instant"})
    until = fields.List(fields.String(), metadata={"description": "day, to its end, or instant"})
    q = fields.List(fields.String(), metadata={"description": "words that must all occur"})
    status = fields.List(fields.String(validate=validate.OneOf(STATUSES)))
    lang = fields.String()


class ReferenceQuery(PageQuery):
    """How a list of words is asked for."""

    q = fields.String(load_default="", validate=validate.Length(max=200))
    lang = fields.String()


class CancellationForm(_Form):
    """Why a meeting is called off; may be left out."""

    reason = _Line(1_000, load_default="")


class _Labels(Schema):
    """Words for people."""

    nl = fields.String()
    en = fields.String()


class ReferenceAnswer(_Form):
    """A word of the network: its code for programs, its labels for people."""

    code = fields.String()
    labels = fields.Nested(_Labels)
    parts = fields.List(fields.String(), metadata={"description": "Of a region: what it is made of."})


class OrganisationAnswer(_Form):
    """An organisation; ``code`` is its TOOI address."""

    code = fields.String()
    name = fields.Function(lambda organisation: organisation.labels["nl"], metadata={"type": "string"})
    labels = fields.Nested(_Labels)
    kind = fields.String(attribute="organisation_kind", data_key="kind")
    region = fields.String(allow_none=True)


class MeetingAnswer(schema_of(Meeting)):  # type: ignore[misc]  # made of the dataclass when this is read
    """A meeting, with the members that programs hold on to."""

    region = fields.Function(lambda meeting: next(iter(meeting.regions), None), metadata={"type": "string"})

    class Meta:
        """Inner counters stay inside."""

        exclude = ("version", "sequence")


def answer_for(actor: Actor, meeting: Meeting) -> dict[str, Any]:
    """``meeting`` as JSON-ready values; what only organisers may know, such as its online link, only for them."""
    answer: dict[str, Any] = MeetingAnswer().dump(meeting)
    if may_change(actor, meeting):
        return answer
    return {name: value for name, value in answer.items() if name not in ORGANISERS_ONLY}


def document_of(details: MeetingDetails) -> dict[str, Any]:
    """What :func:`read_details` reads: the JSON on which a merge patch is applied."""
    document: dict[str, Any] = schema_of(MeetingDetails)().dump(details)
    return document


def one_region_is_all(document: Any) -> Any:
    """``region`` alone means ``regions`` with that one; anything else comes back as it was."""
    if not isinstance(document, Mapping) or "region" not in document or "regions" in document:
        return document
    region = document["region"]
    rest = {name: value for name, value in document.items() if name != "region"}
    return {**rest, "regions": [] if region is None else [region]}


def read_details(document: Any, vocabulary: Vocabulary) -> MeetingDetails:
    """What an organiser decided, from JSON. A time without an offset is local in ``timeZone``; null means not given.

    Raises ``FlawedError`` with everything that is wrong, all fields at once.
    """
    flaws: list[Flaw] = []
    given = _loaded(one_region_is_all(_without_blanks(document)), flaws)
    zone_faults = list(zone_flaws(given.get("time_zone", AMSTERDAM)))
    zone = AMSTERDAM if zone_faults else given.get("time_zone", AMSTERDAM)
    given = _settled(given, zone, "", flaws)
    flaws += [*zone_faults, *_time_flaws(given), *_code_flaws(given, vocabulary)]
    if flaws:
        raise FlawedError(flaws)
    return _details(given)


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


def _dotted(meeting: MeetingDetails) -> Iterator[tuple[str, Any]]:
    """The values of a page's fields by their dotted names; moments as a clock in the meeting's zone shows them."""
    zone = zone_named(meeting.time_zone)
    for name, value in filled(document_of(meeting)).typed.items():
        is_moment = name.rpartition(".")[2] in _MOMENTS
        yield name, f"{datetime.fromisoformat(value).astimezone(zone):%Y-%m-%dT%H:%M}" if is_moment else value


def _as_typed(value: Any) -> str:
    """A value as a form sends it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _loaded(document: Any, flaws: list[Flaw]) -> dict[str, Any]:
    """What the form could read; what it could not goes into ``flaws``."""
    try:
        loaded: dict[str, Any] = MeetingForm().load(document)
    except ValidationError as error:
        messages = error.messages if isinstance(error.messages, Mapping) else {"": error.messages}
        flaws += [Flaw(each.name, "invalid", each.reason) for each in reasons(messages)]
        return dict(error.valid_data) if isinstance(error.valid_data, Mapping) else {}
    return loaded


def _without_blanks(value: Any) -> Any:
    """Leave out what is null or empty, also deep inside; an empty list says that there are none."""
    if isinstance(value, Mapping):
        inner = {name: _without_blanks(each) for name, each in value.items()}
        return {name: each for name, each in inner.items() if each is not None and each not in ("", {})}
    return [_without_blanks(each) for each in value] if isinstance(value, list) else value


def _settled(value: Any, zone: str, name: str, flaws: list[Flaw]) -> Any:
    """The same values with instants instead of local times; what does not exist goes into ``flaws`` and is left out."""
    if isinstance(value, datetime):
        settled = instant(name, value, zone)
        if isinstance(settled, Flaw):
            flaws.append(settled)
            return None
        return settled
    if isinstance(value, Mapping):
        inner = {key: _settled(each, zone, f"{name}.{camel(key)}".lstrip("."), flaws) for key, each in value.items()}
        return {key: each for key, each in inner.items() if each is not None}
    if isinstance(value, list):
        return [_settled(each, zone, f"{name}.{position}", flaws) for position, each in enumerate(value)]
    return value


def _time_flaws(given: Mapping[str, Any]) -> Iterator[Flaw]:
    if "starts_at" in given and "ends_at" in given:
        yield from span_flaws(given["starts_at"], given["ends_at"])
    for position, session in enumerate(given.get("sessions", ())):
        yield from session_flaws(session.get("starts_at"), session.get("ends_at"), f"sessions.{position}")


def _code_flaws(given: Mapping[str, Any], vocabulary: Vocabulary) -> Iterator[Flaw]:
    plan = given.get("seat_plan", {})
    groups = [each["target_group"] for each in given.get("list_deliveries", ()) if "target_group" in each]
    for name, kind, codes in (
        ("regions", "region", given.get("regions", ())),
        ("region", "region", [given["region"]] if "region" in given else []),
        ("targetGroups", "target-group", given.get("target_groups", ())),
        ("themes", "theme", given.get("themes", ())),
        ("seatPlan.reserved", "target-group", plan.get("reserved", ())),
        ("seatPlan.maximum", "target-group", plan.get("maximum", ())),
        ("listDeliveries", "target-group", groups),
    ):
        for code in codes:
            if code not in vocabulary.get(kind, ()):
                yield Flaw(name, "unknown-code", N_("There is no %(code)s."), {"code": repr(code)})
    if "region" in given and given["region"] not in given.get("regions", ()):
        yield Flaw("region", "region-not-in-regions", N_("This is not one of the regions that were given too."))


def _details(given: Mapping[str, Any]) -> MeetingDetails:
    """Put together what was read and found to be right."""
    values = {name: value for name, value in given.items() if name != "region"}
    for name in ("regions", "target_groups", "themes", "reminders"):
        values[name] = tuple(dict.fromkeys(given.get(name, ())))
    for name, part in (("organiser", Contact), ("contact", Contact), ("venue", Venue), ("seat_plan", SeatPlan)):
        if name in given:
            values[name] = part(**given[name])
    if "registration" in given:
        terms = given["registration"]
        values["registration"] = RegistrationTerms(**terms | {"questions": tuple(terms.get("questions", ()))})
    values["sessions"] = tuple(Session(**{"id": new_id(), **each}) for each in given.get("sessions", ()))
    values["list_deliveries"] = tuple(ListDelivery(**each) for each in given.get("list_deliveries", ()))
    if "attendance_mode" not in given and given.get("online_url") and "venue" not in given:
        values["attendance_mode"] = "online"
    return MeetingDetails(**values)
