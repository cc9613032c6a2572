"""The organiser's desk: seats, waiting list and attendee lists of each meeting."""

from typing import Any

from flask import Blueprint, Response, render_template, request
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.lists import csv
from services.registration.lists.rows import Attendee, attendees
from services.registration.pages.meetings import in_words, organisers_meeting
from services.registration.queries import (
    all_places,
    figures,
    meetings,
    references,
    registrations,
    seats_of,
    thing_of,
)
from services.registration.rules.standing import WAITS
from shared.db.transaction import Database
from shared.people.roles import may
from shared.web.access import current_actor, verb
from shared.web.problems import Problem


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
        with database.reading() as session:
            row = organisers_meeting(session, slug, "desk.read")
            people = attendees(session, row.id)
            places = all_places(session, row.id)
            words = _words(session, row)
            return render_template(
                "registration/desk_meeting.html",
                meeting=row,
                title=in_words(row.title),
                seats=figures(seats_of(row), database.clock()),
                words=words,
                waiting=[(waits, places[waits.id]) for waits in registrations(session, row.id, statuses={WAITS})],
                lists=_per_group(people, words),
            )

    @pages.get("/desk/<slug>/attendees.csv")
    @verb("attendees.read")
    def attendees_file(slug: str) -> Response:
        group = request.args.get("targetGroup")
        with database.reading() as session:
            row = organisers_meeting(session, slug, "attendees.read")
            if group and group not in _words(session, row):
                raise Problem(404)
            people = attendees(session, row.id, [group] if group else ())
        name = f"{row.slug}-{group}" if group else row.slug
        return Response(csv.attendee_csv(people), headers=csv.headers(name))

    return pages


def _words(session: Session, meeting: Row[Any]) -> dict[str, str]:
    """The words of all target groups by code; the meeting's own words come first."""
    words = {group["code"]: in_words(group["labels"]) for group in meeting.target_groups}
    return words | {
        row.code: in_words(row.labels) for row in references(session, "target-group") if row.code not in words
    }


def _per_group(people: list[Attendee], words: dict[str, str]) -> list[tuple[str, str, list[Attendee]]]:
    """The attendee list of each target group that comes: code, word, people."""
    present = {attendee.target_group for attendee in people}
    return [
        (code, words.get(code, code), [attendee for attendee in people if attendee.target_group == code])
        for code in sorted(present, key=lambda code: words.get(code, code))
    ]
