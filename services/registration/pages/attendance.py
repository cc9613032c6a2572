"""Afterwards: who came, per role and per kind of organisation; and what that advises for a coming meeting."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, render_template
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.forms.attendance import AdviceForm
from services.registration.lists.words import ORGANISATION_KINDS, group_words, spoken
from services.registration.pages.meetings import organisers_meeting
from services.registration.queries.afterwards import attendance_counts, attendance_history
from services.registration.queries.references import organisation_kinds, references
from services.registration.rules.advice import (
    ENOUGH_MEETINGS,
    ENOUGH_PEOPLE,
    Held,
    Share,
    advise,
    share_who_come,
)
from shared.db.transaction import Database
from shared.events.registration import Attendance
from shared.i18n import in_words
from shared.web.access import verb
from shared.web.forms import Form, read_question

Line = tuple[str, list[int]]
"""A word, how many came and how many did not."""


def attendance_pages(database: Database) -> Blueprint:
    """The pages of the desk about who came."""
    pages = Blueprint("who_came", __name__)

    @pages.get("/desk/<slug>/attendance")
    @verb("desk.read")
    def attendance(slug: str) -> str:
        with database.reading() as session:
            meeting = organisers_meeting(session, slug, "desk.read")
            counts = attendance_counts(session, meeting.id)
            words, kinds = group_words(session, meeting), organisation_kinds(session)
        kind_words = spoken(ORGANISATION_KINDS)
        unknown = kind_words[""]
        return render_template(
            "registration/attendance.html",
            meeting=meeting,
            title=in_words(meeting.title),
            came=sum(count.attended for count in counts),
            registered=sum(count.registered for count in counts),
            per_group=_lines(counts, lambda count: words.get(count.target_group, count.target_group)),
            per_kind=_lines(counts, lambda count: kind_words.get(kinds.get(count.organisation_id or "", ""), unknown)),
        )

    @pages.get("/desk/<slug>/advice")
    @verb("desk.read")
    def advice(slug: str) -> tuple[str, int]:
        with database.reading() as session:
            meeting = organisers_meeting(session, slug, "desk.read")
            form = read_question(AdviceForm())
            return _advice_page(session, meeting, form), 200 if form.ok else 400

    return pages


def _advice_page(session: Session, meeting: Row[Any], form: Form) -> str:
    """The advice for all roles of the meeting together, and which share of each role comes."""
    history, words = attendance_history(session, meeting), group_words(session, meeting)
    wanted = (form.loaded or {}).get("wanted")
    share = share_who_come(_held(history))
    regions = {row.code: in_words(row.labels) for row in references(session, "region")}
    return render_template(
        "registration/advice.html",
        meeting=meeting,
        title=in_words(meeting.title),
        regions=[regions.get(code, code) for code in meeting.regions],
        form=form,
        wanted=wanted,
        share=share,
        enough=isinstance(share, Share),
        advice=advise(share, wanted) if wanted and isinstance(share, Share) else None,
        needed={"meetings": ENOUGH_MEETINGS, "people": ENOUGH_PEOPLE},
        per_group=[
            (words.get(group, group), found, isinstance(found, Share)) for group, found in _shares(history).items()
        ],
    )


def _held(history: Sequence[Any]) -> list[Held]:
    """Each closed meeting, all roles together."""
    registered, attended = Counter[str](), Counter[str]()
    for row in history:
        registered[row.meeting_id] += row.registered
        attended[row.meeting_id] += row.attended
    return [Held(registered[each], attended[each]) for each in registered]


def _shares(history: Sequence[Any]) -> dict[str, Any]:
    """What the closed meetings say about each role alone."""
    groups = dict.fromkeys(row.target_group for row in history)
    return {group: share_who_come(_held([row for row in history if row.target_group == group])) for group in groups}


def _lines(counts: Sequence[Attendance], word_of: Callable[[Attendance], str]) -> list[Line]:
    came, missed = Counter[str](), Counter[str]()
    for count in counts:
        came[word_of(count)] += count.attended
        missed[word_of(count)] += count.registered - count.attended
    return [(word, [came[word], missed[word]]) for word in sorted(came)]
