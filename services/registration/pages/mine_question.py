"""Behind my link: the question that I bring to the meeting, and those that others share."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.actions.bring_question import bring_question
from services.registration.forms.network import words_known
from services.registration.forms.questions import QuestionForm, brought_in
from services.registration.pages.meetings import own_registration
from services.registration.pages.mine import HOME
from services.registration.queries.questions import question_of, questions_at
from services.registration.rules.choices import may_bring
from services.registration.rules.network import TAKES_PART
from shared.db.transaction import Database
from shared.i18n import in_words
from shared.web.access import verb
from shared.web.forms import Form, filled, read_form
from shared.web.problems import Problem


def mine_question_pages(database: Database) -> Blueprint:
    """``/registration/mine/r/{id}/question``."""
    pages = Blueprint("mine_question", __name__)

    @pages.get("/mine/r/<registration_id>/question")
    @verb("question.bring", sign_in=HOME)
    def write(registration_id: str) -> str:
        with database.reading() as session:
            row, meeting = mine(session, registration_id)
            known = question_of(session, registration_id)
            typed = {"text": known.text, "theme": known.theme, "shared": known.shared} if known else {}
            return _page(session, row, meeting, filled(typed))

    @pages.post("/mine/r/<registration_id>/question")
    @verb("question.bring", sign_in=HOME)
    def keep(registration_id: str) -> Any:
        with database.reading() as session:
            row, meeting = mine(session, registration_id)
            form = read_form(QuestionForm(words_known(session).themes))
            if form.loaded is None:
                return _page(session, row, meeting, form), 400
        with database.begin() as tx:
            bring_question(tx, row.id, meeting.id, brought_in(form.loaded))
        return redirect(url_for("mine_question.write", registration_id=registration_id), 303)

    def mine(session: Session, registration_id: str) -> tuple[Row[Any], Row[Any]]:
        """The registration and its meeting. Raises ``Problem`` 404 for who does not come, or when it is over."""
        row, meeting = own_registration(session, registration_id, "question.bring")
        if not may_bring(row.status, meeting.status, meeting.ends_at, database.clock()):
            raise Problem(404)
        return row, meeting

    return pages


def _page(session: Session, row: Row[Any], meeting: Row[Any], form: Form) -> str:
    """What others share is for those who come too."""
    found = questions_at(session, meeting.id) if row.status in TAKES_PART else {}
    others = {
        theme: [each for each in brought if each.shared and each.registration_id != row.id]
        for theme, brought in found.items()
    }
    return render_template(
        "registration/mine_question.html",
        row=row,
        title=in_words(meeting.title),
        form=form,
        is_kept=question_of(session, row.id) is not None,
        themes=words_known(session).themes,
        others={theme: brought for theme, brought in others.items() if brought},
    )
