"""What was done to a meeting: who, when, what from old to new, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template
from sqlalchemy.orm import Session

from services.catalog import queries
from services.catalog.pages.organise.paging import page_number
from services.catalog.pages.organise.words import Words, words_in
from services.catalog.queries import Part
from services.catalog.queries.history import newest_lines, organisers_called
from services.catalog.rules.history import SYSTEM, Change, Line
from services.catalog.rules.meeting import Meeting
from services.catalog.rules.reach import thing_of
from shared.db.transaction import Database
from shared.i18n import N_
from shared.i18n import gettext as _
from shared.web.access import permit, verb
from shared.web.problems import Problem

FEW = 5
"""How many lines stand on the page of the meeting itself."""

_A_PAGE = 50

_ACTS = {
    "drafted": N_("Draft made"),
    "changed": N_("Changed"),
    "published": N_("Published"),
    "cancelled": N_("Called off"),
    "held": N_("Held"),
}

_NOBODY_BY_NAME = {SYSTEM: N_("by itself"), "manager": N_("the key of the installation")}


@dataclass(frozen=True)
class Difference:
    """One thing that changes: what it is called, and what stood there and will stand there, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Told:
    """One line of a history, in words."""

    at: datetime
    what: str
    by: str
    reason: str
    differences: Sequence[Difference]


def history_pages(database: Database) -> Blueprint:
    """``/organise/meetings/{id}/history``."""
    pages = Blueprint("organise_history", __name__, url_prefix="/organise")

    @pages.get("/meetings/<meeting_id>/history")
    @verb("history.read")
    def history(meeting_id: str) -> str:
        number = page_number()
        with database.reading() as session:
            meeting = queries.meeting_by_id(session, meeting_id)
            if meeting is None:
                raise Problem(404, "meeting-unknown")
            permit("history.read", thing_of(meeting))
            part = Part(_A_PAGE + 1, (number - 1) * _A_PAGE)
            lines = newest_lines(session, meeting.id, part)
            return render_template(
                "catalog/organise_history.html",
                meeting=meeting,
                lines=told(session, meeting, lines[:_A_PAGE]),
                older=number + 1 if len(lines) > _A_PAGE else None,
            )

    return pages


def newest_told(session: Session, meeting: Meeting) -> list[Told]:
    """What was done last; one line more than ``FEW`` says that there is more."""
    return told(session, meeting, newest_lines(session, meeting.id, Part(FEW + 1)))


def told(session: Session, meeting: Meeting, lines: Sequence[Line]) -> list[Told]:
    """Lines of the history of ``meeting`` in the language spoken now."""
    words = words_in(session, meeting.time_zone)
    names = organisers_called(session, {line.by for line in lines})
    return [
        Told(line.at, _(_ACTS[line.act]), by_whom(line.by, names), line.reason, in_words(words, line.changes))
        for line in lines
    ]


def in_words(words: Words, changes: Sequence[Change]) -> list[Difference]:
    """Changes as people read them."""
    return [
        Difference(words.field(each.name), words.value(each.name, each.before), words.value(each.name, each.after))
        for each in changes
    ]


def by_whom(author: str, names: Mapping[str, str]) -> str:
    """What ``author`` is called; where no name is known, that it was an organiser."""
    if author in names:
        return names[author]
    return _(_NOBODY_BY_NAME[author]) if author in _NOBODY_BY_NAME else _("an organiser")
