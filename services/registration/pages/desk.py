"""The organiser's desk: seats, waiting list and attendee lists of each meeting."""

from flask import Blueprint, render_template

from services.registration.lists.rows import Attendee, attendees
from services.registration.pages.meetings import group_words, in_words, organisers_meeting
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
            people = attendees(session, row.id)
            places = all_places(session, row.id)
            words = group_words(session, row)
            return render_template(
                "registration/desk_meeting.html",
                meeting=row,
                title=in_words(row.title),
                seats=figures(seats_of(row), database.clock()),
                words=words,
                waiting=[(waits, places[waits.id]) for waits in registrations(session, row.id, statuses={WAITS})],
                lists=_per_group(people, words),
            )

    return pages


def _per_group(people: list[Attendee], words: dict[str, str]) -> list[tuple[str, str, list[Attendee]]]:
    """The attendee list of each target group that comes: code, word, people."""
    present = {attendee.target_group for attendee in people}
    return [
        (code, words.get(code, code), [attendee for attendee in people if attendee.target_group == code])
        for code in sorted(present, key=lambda code: words.get(code, code))
    ]
