"""At the desk: the questions that people bring to a meeting, by theme; made to be printed too."""

from flask import Blueprint, render_template

from services.registration.forms.network import words_known
from services.registration.pages.meetings import desk_of, organisers_meeting
from services.registration.queries.questions import questions_at
from shared.db.transaction import Database
from shared.web.access import verb
from shared.web.record import on_record


def desk_questions_pages(database: Database) -> Blueprint:
    """``/registration/desk/{slug}/questions``."""
    pages = Blueprint("desk_questions", __name__)

    @pages.get("/desk/<slug>/questions")
    @on_record("questions.read")
    @verb("desk.read")
    def brought(slug: str) -> str:
        with database.reading() as session:
            meeting = organisers_meeting(session, slug, "desk.read")
            return render_template(
                "registration/desk_questions.html",
                **desk_of(meeting),
                questions=questions_at(session, meeting.id),
                themes=words_known(session).themes,
            )

    return pages
