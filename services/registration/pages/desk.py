"""The organiser's desk: how full each meeting is, who waits and why, and who asks for a decision."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, render_template
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.lists.rows import attendees, per_group
from services.registration.lists.waiting import waiting_list
from services.registration.lists.words import group_words
from services.registration.pages.desk_words import why_words
from services.registration.pages.meetings import desk_of, organisers_meeting
from services.registration.queries.meetings import meetings, thing_of
from services.registration.queries.registrations import registrations, sign_up_moments
from services.registration.queries.seats import figures, seats_of, session_counts
from services.registration.rules.over_time import per_day
from shared.db.transaction import Database
from shared.i18n import current_translator, in_words
from shared.i18n.moments import day_text
from shared.people.roles import may
from shared.web.access import current_actor, verb

_ASK = ("requested", "unconfirmed")


def desk_pages(database: Database) -> Blueprint:
    """The pages of the desk."""
    pages = Blueprint("desk", __name__)

    @pages.get("/desk")
    @verb("desk.read")
    def all_meetings() -> str:
        with database.reading() as session:
            mine = [row for row in meetings(session) if may(current_actor(), "desk.read", thing_of(row))]
            shown = [(row, in_words(row.title), figures(seats_of(row), database.clock())) for row in mine]
        return render_template("registration/desk.html", meetings=shown)

    @pages.get("/desk/<slug>")
    @verb("desk.read")
    def meeting(slug: str) -> str:
        now = database.clock()
        with database.reading() as session:
            row = organisers_meeting(session, slug, "desk.read")
            seats, words = seats_of(row), group_words(session, row)
            return render_template(
                "registration/desk_meeting.html",
                **desk_of(row),
                seats=figures(seats, now, session_counts(session, row.id)),
                words=words,
                session_words={each["id"]: in_words(each["title"]) for each in row.facts["sessions"]},
                asking=registrations(session, row.id, statuses=_ASK),
                waiting=waiting_list(session, seats, "seat", now),
                waiting_online=waiting_list(session, seats, "online", now),
                why=lambda why: why_words(why, words, row.time_zone),
                days=_sign_ups_over_time(session, row),
                lists=_lists(session, row.id, words),
                may_see_list_access=may(current_actor(), "list-access.read", thing_of(row)),
            )

    return pages


def _sign_ups_over_time(session: Session, meeting: Row[Any]) -> Sequence[tuple[str, Sequence[int]]]:
    """How many signed up on each day, and how many there were by then."""
    language = current_translator().language
    days = per_day(sign_up_moments(session, meeting.id), meeting.time_zone)
    return [(day_text(day.on, language), [day.came, day.total]) for day in days]


def _lists(session: Session, meeting_id: str, words: Mapping[str, str]) -> list[tuple[str, str, int]]:
    """The target groups that come: code, word, how many people."""
    members = per_group(attendees(session, meeting_id), list(words))
    return [(code, words.get(code, code), len(people)) for code, people in members.items()]
