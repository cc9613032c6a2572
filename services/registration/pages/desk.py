"""The organiser's desk: what waits for a decision, the meetings to come, and one meeting in one view."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.lists.rows import attendees, per_group
from services.registration.lists.waiting import waiting_list
from services.registration.lists.words import group_words
from services.registration.pages.desk_attention import LOOKED_AT, all_that_waits, what_waits_at
from services.registration.pages.desk_words import answer_counts, why_words
from services.registration.pages.meetings import desk_of, organisers_meeting
from services.registration.queries.attention import people_without_mail
from services.registration.queries.meetings import coming_meetings, past_meetings, thing_of
from services.registration.queries.registrations import calendar_answers, registrations, sign_up_moments
from services.registration.queries.seats import figures, seats_of, session_counts
from services.registration.rules.over_time import growth, per_day
from shared.db.transaction import Database
from shared.i18n import current_translator, in_words
from shared.i18n.moments import date_text, day_text
from shared.people.roles import may
from shared.web.access import current_actor, verb
from shared.web.record import on_record

_ASK = ("requested", "unconfirmed")
_A_PAGE = 50


def desk_pages(database: Database) -> Blueprint:
    """The pages of the desk."""
    pages = Blueprint("desk", __name__)

    @pages.get("/desk")
    @verb("desk.read")
    def all_meetings() -> str:
        now, actor, number = database.clock(), current_actor(), _page_number()
        part = ((number - 1) * _A_PAGE, _A_PAGE + 1)
        with database.reading() as session:
            if "past" in request.args:
                found = past_meetings(session, actor, now, *part)
                return _overview("registration/desk_past.html", found, now)
            waits = all_that_waits(session, actor, now) if number == 1 else []
            found = coming_meetings(session, actor, now, *part)
            return _overview("registration/desk.html", found, now, waits=waits, looked_at=LOOKED_AT)

    @pages.get("/desk/<slug>")
    @on_record("registrations.read")
    @verb("desk.read")
    def meeting(slug: str) -> str:
        now = database.clock()
        with database.reading() as session:
            row = organisers_meeting(session, slug, "desk.read")
            seats, words = seats_of(row), group_words(session, row)
            return render_template(
                "registration/desk_meeting.html",
                **desk_of(row),
                waits=what_waits_at(session, row, now),
                seats=figures(seats, now, session_counts(session, row.id)),
                words=words,
                session_words={each["id"]: in_words(each["title"]) for each in row.facts["sessions"]},
                asking=registrations(session, row.id, statuses=_ASK),
                waiting=waiting_list(session, seats, "seat", now),
                waiting_online=waiting_list(session, seats, "online", now),
                why=lambda why: why_words(why, words, row.time_zone),
                **_sign_ups_over_time(session, row),
                answers=answer_counts(calendar_answers(session, row.id)),
                without_mail=people_without_mail(session, row.id),
                lists=_lists(session, row.id, words),
                may_see_list_access=may(current_actor(), "list-access.read", thing_of(row)),
            )

    return pages


def _page_number() -> int:
    return min(max(request.args.get("page", 1, type=int), 1), 10_000)


def _overview(template: str, found: Sequence[Row[Any]], now: datetime, **more: Any) -> str:
    """A page of meetings, each with its seats; ``found`` is one more than fits if there is another page."""
    shown = [(row, in_words(row.title), figures(seats_of(row), now)) for row in found[:_A_PAGE]]
    following = _page_number() + 1 if len(found) > _A_PAGE else None
    return render_template(template, meetings=shown, next_page=following, **more)


def _sign_ups_over_time(session: Session, meeting: Row[Any]) -> dict[str, Any]:
    """How many signed up on each day, and how many there were by then: in words, and as a line to draw."""
    language = current_translator().language
    days = per_day(sign_up_moments(session, meeting.id), meeting.time_zone)
    return {
        "days": [(day_text(day.on, language), day.came, day.total) for day in days],
        "growth": growth(days),
        "first_day": date_text(days[0].on, language) if days else "",
        "last_day": date_text(days[-1].on, language) if days else "",
    }


def _lists(session: Session, meeting_id: str, words: Mapping[str, str]) -> list[tuple[str, str, int]]:
    """The target groups that come: code, word, how many people."""
    members = per_group(attendees(session, meeting_id), list(words))
    return [(code, words.get(code, code), len(people)) for code, people in members.items()]
