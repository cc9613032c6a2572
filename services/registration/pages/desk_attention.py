"""What waits for an organiser, in the reader's words, each with the page where it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.queries.attention import concerns
from services.registration.queries.meetings import coming_meetings, unclosed_meetings
from services.registration.rules.attention import Matter, matters, urgency
from shared.i18n import _, current_translator, in_words, ngettext
from shared.i18n.moments import moment_text
from shared.people.roles import Actor

LOOKED_AT = 200
"""Of so many meetings to come the desk looks at what waits."""

_CAN_BE_CLOSED = timedelta(days=60)
"""As long after the start the desk asks to close the attendance: then the names are gone."""


@dataclass(frozen=True)
class Waiting:
    """One thing to do: ``text`` says what, ``path`` leads to it, ``by`` says before when, if that is still to come."""

    meeting: Row[Any]
    title: str
    text: str
    path: str
    by: str


def all_that_waits(session: Session, actor: Actor, now: datetime) -> list[Waiting]:
    """Whatever waits at the meetings of this organiser, the most urgent first."""
    meetings = [
        *unclosed_meetings(session, actor, now, now - _CAN_BE_CLOSED),
        *coming_meetings(session, actor, now, 0, LOOKED_AT),
    ]
    return _in_words(session, meetings, now)


def what_waits_at(session: Session, meeting: Row[Any], now: datetime) -> list[Waiting]:
    """The same for one meeting."""
    return _in_words(session, [meeting], now)


def _in_words(session: Session, meetings: Sequence[Row[Any]], now: datetime) -> list[Waiting]:
    found = [(row, matter) for row, open_ in concerns(session, meetings, now) for matter in matters(open_, now)]
    found.sort(key=lambda each: urgency(each[1], each[0].starts_at, now))
    return [
        Waiting(row, in_words(row.title), _text(matter), _path(matter, row.slug), _by(matter, row, now))
        for row, matter in found
    ]


def _text(matter: Matter) -> str:
    number = matter.number
    match matter.kind:
        case "approve":
            text = ngettext("%(num)s person asks for a seat", "%(num)s people ask for a seat", number)
        case "give-seats":
            text = ngettext(
                "%(num)s person waits for a seat that you can give",
                "%(num)s people wait for a seat that you can give",
                number,
            )
        case "offers":
            text = ngettext("%(num)s offered seat without an answer", "%(num)s offered seats without an answer", number)
        case "over-plan":
            text = ngettext("%(num)s seat more than the plan allows", "%(num)s seats more than the plan allows", number)
        case "unanswered":
            text = ngettext(
                "%(num)s person did not answer your questions", "%(num)s people did not answer your questions", number
            )
        case "mail-lost":
            text = ngettext("%(num)s person does not get our mail", "%(num)s people do not get our mail", number)
        case "close":
            text = _("Close the attendance")
    return text


def _path(matter: Matter, slug: str) -> str:
    """Where it is done."""
    registrations = "desk_registrations.found"
    match matter.kind:
        case "approve":
            return url_for(registrations, slug=slug, status="requested")
        case "give-seats":
            return url_for("desk.meeting", slug=slug, _anchor="waiting")
        case "offers":
            return url_for(registrations, slug=slug, status="offered")
        case "over-plan":
            return url_for("plan.editor", slug=slug)
        case "unanswered" | "mail-lost":
            return url_for(registrations, slug=slug, concern=matter.kind)
        case "close":
            return url_for("check_in.door", slug=slug, _anchor="closing")


def _by(matter: Matter, row: Row[Any], now: datetime) -> str:
    return moment_text(matter.by, current_translator().language, row.time_zone) if matter.by > now else ""
