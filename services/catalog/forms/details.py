"""What an organiser decided about a meeting, from JSON: everything that is wrong is told at once."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from marshmallow import ValidationError

from services.catalog.forms.flaws import read_through
from services.catalog.forms.meetings import CancellationForm, MeetingForm
from services.catalog.rules.filters import Vocabulary
from services.catalog.rules.flaws import Flaw, FlawedError
from services.catalog.rules.meeting import MeetingDetails, in_language
from services.catalog.rules.questions import question_flaws
from services.catalog.rules.schedule import instant, session_flaws, span_flaws, zone_flaws
from shared.calendar.zones import AMSTERDAM
from shared.db.transaction import new_id
from shared.events.catalog import Contact, Document, ListDelivery, Question, RegistrationTerms, SeatPlan, Session, Venue
from shared.events.contract import camel
from shared.i18n import N_
from shared.web.problems import reasons

_FORM = MeetingForm()  # made once: that takes longer than reading a meeting with it


def one_region_is_all(document: Any) -> Any:
    """``region`` alone means ``regions`` with that one; anything else comes back as it was."""
    if not isinstance(document, Mapping) or "region" not in document or "regions" in document:
        return document
    region = document["region"]
    rest = {name: value for name, value in document.items() if name != "region"}
    return {**rest, "regions": [] if region is None else [region]}


def read_change(document: Any, reason: Any, vocabulary: Vocabulary, kept_days: int) -> tuple[MeetingDetails, str]:
    """What an organiser decided, and the ``reason`` in words for the people whom it concerns (None: not given).

    Raises ``FlawedError`` with everything that is wrong with either.
    """
    flaws: list[Flaw] = []
    words = {"reason": ""}
    try:
        words = CancellationForm().load({} if reason is None else {"reason": reason})
    except ValidationError as error:
        flaws += [Flaw(each.name, "invalid", each.reason) for each in reasons(error.messages_dict)]
    try:
        details = read_details(document, vocabulary, kept_days)
    except FlawedError as error:
        raise FlawedError([*error.flaws, *flaws]) from error
    if flaws:
        raise FlawedError(flaws)
    return details, words["reason"]


def read_details(document: Any, vocabulary: Vocabulary, kept_days: int) -> MeetingDetails:
    """What an organiser decided, from JSON. A time without an offset is local in ``timeZone``; null means not given.

    ``kept_days`` is how long who was there is kept where that is not given.

    Raises ``FlawedError`` with everything that is wrong, all fields at once.
    """
    given, flaws = read_through(_FORM, one_region_is_all(_without_blanks(document)))
    zone_faults = list(zone_flaws(given.get("time_zone", AMSTERDAM)))
    zone = AMSTERDAM if zone_faults else given.get("time_zone", AMSTERDAM)
    given = _settled(given, zone, "", flaws)
    questions = _questions(given)
    flaws += [*zone_faults, *_time_flaws(given), *_code_flaws(given, vocabulary)]
    flaws += [*_id_flaws(given), *_question_flaws(questions, vocabulary, flaws)]
    if flaws:
        raise FlawedError(flaws)
    return _details({"retention_days": kept_days, **given}, questions)


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


def _id_flaws(given: Mapping[str, Any]) -> Iterator[Flaw]:
    for name, things in (
        ("sessions", given.get("sessions", ())),
        ("registration.questions", given.get("registration", {}).get("questions", ())),
    ):
        ids = [thing.get("id") for thing in things]
        for position, id_ in enumerate(ids):
            if id_ and id_ in ids[:position]:
                yield Flaw(f"{name}.{position}.id", "id-twice", N_("Two of these have the same id."))


def _question_flaws(questions: Sequence[Question], vocabulary: Vocabulary, before: Sequence[Flaw]) -> Iterator[Flaw]:
    """What is wrong with the questions that could be read whole."""
    half_read = {flaw.name.split(".")[2] for flaw in before if flaw.name.startswith("registration.questions.")}
    for flaw in question_flaws(questions, vocabulary.get("target-group", frozenset())):
        if flaw.name.split(".")[2] not in half_read:
            yield flaw


def _questions(given: Mapping[str, Any]) -> tuple[Question, ...]:
    """The questions with an id each, as far as they could be read."""
    return tuple(
        Question(
            **{"id": new_id(), "label": {}, **each}
            | {name: tuple(each.get(name, ())) for name in ("options", "target_groups")}
        )
        for each in given.get("registration", {}).get("questions", ())
    )


def _details(given: Mapping[str, Any], questions: tuple[Question, ...]) -> MeetingDetails:
    """Put together what was read and found to be right."""
    values = {name: value for name, value in given.items() if name != "region"}
    for name in ("regions", "target_groups", "themes", "reminders"):
        values[name] = tuple(dict.fromkeys(given.get(name, ())))
    for name, part in (("organiser", Contact), ("contact", Contact), ("venue", Venue), ("seat_plan", SeatPlan)):
        if name in given:
            values[name] = part(**given[name])
    if "registration" in given:
        words = tuple(in_language(question.label, "nl") for question in questions)
        asked = {"questions": words, "questionnaire": questions}
        values["registration"] = RegistrationTerms(**{**given["registration"], **asked})
    values["sessions"] = tuple(Session(**{"id": new_id(), **each}) for each in given.get("sessions", ()))
    values["documents"] = tuple(Document(**each) for each in given.get("documents", ()))
    values["list_deliveries"] = tuple(ListDelivery(**each) for each in given.get("list_deliveries", ()))
    if "attendance_mode" not in given and given.get("online_url") and "venue" not in given:
        values["attendance_mode"] = "online"
    return MeetingDetails(**values)
