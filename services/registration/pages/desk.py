"""The organiser's desk: seats, waiting list and attendee lists of each meeting."""

from collections.abc import Mapping

from flask import Blueprint, render_template
from sqlalchemy.orm import Session

from services.registration.lists.rows import attendees, per_group
from services.registration.lists.words import group_words
from services.registration.pages.meetings import organisers_meeting
from services.registration.queries import (
    all_places,
    figures,
    meetings,
    registrations,
    seats_of,
    thing_of,
)
from services.registration.rules.standing import WAITS
from shared.db.transaction import Database
from shared.i18n import in_words
from shared.people.roles import may
from shared.web.access import current_actor, verb


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
            places = all_places(session, row.id)
            words = group_words(session, row)
            return render_template(
                "registration/desk_meeting.html",
                meeting=row,
                title=in_words(row.title),
                seats=figures(seats_of(row), database.clock()),
                words=words,
                waiting=[(waits, places[waits.id]) for waits in registrations(session, row.id, statuses={WAITS})],
                lists=_lists(session, row.id, words),
                may_see_list_access=may(current_actor(), "list-access.read", thing_of(row)),
            )

    return pages


def _lists(session: Session, meeting_id: str, words: Mapping[str, str]) -> list[tuple[str, str, int]]:
    """The target groups that come: code, word, how many people."""
    members = per_group(attendees(session, meeting_id), list(words))
    return [(code, words.get(code, code), len(people)) for code, people in members.items()]
