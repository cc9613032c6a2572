"""Behind my link, after the meeting: tell what you did with it."""

from typing import Any

from flask import Blueprint, render_template
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.actions.tell_story import tell_story
from services.registration.forms.stories import STORY_KINDS, StoryForm, told_in
from services.registration.pages.meetings import own_registration
from services.registration.pages.mine import HOME
from services.registration.rules.choices import may_tell
from shared.db.transaction import Database
from shared.i18n import gettext as _
from shared.i18n import in_words
from shared.web.access import verb
from shared.web.forms import Form, filled, read_form
from shared.web.limits import TooMany, allow_post
from shared.web.problems import Problem


def mine_story_pages(database: Database) -> Blueprint:
    """``/registration/mine/r/{id}/story``."""
    pages = Blueprint("mine_story", __name__)

    @pages.get("/mine/r/<registration_id>/story")
    @verb("story.write", sign_in=HOME)
    def write(registration_id: str) -> str:
        with database.reading() as session:
            return _page(*mine(session, registration_id), filled({}))

    @pages.post("/mine/r/<registration_id>/story")
    @verb("story.write", sign_in=HOME)
    def tell(registration_id: str) -> Any:
        form = read_form(StoryForm())
        with database.reading() as session:
            row, meeting = mine(session, registration_id)
        if form.loaded is None:
            return _page(row, meeting, form), 400
        try:
            allow_post("story", address=row.address_key)
        except TooMany as problem:
            form.refuse("", problem.detail)
            return _page(row, meeting, form), problem.status, problem.headers
        with database.begin() as tx:
            tell_story(tx, row, told_in(form.loaded))
        return _page(row, meeting, Form(), told=True), 201

    def mine(session: Session, registration_id: str) -> tuple[Row[Any], Row[Any]]:
        """The registration and its meeting. Raises ``Problem`` 404 for who was not there, or not yet."""
        row, meeting = own_registration(session, registration_id, "story.write")
        if not may_tell(row.status, meeting.status, meeting.ends_at, database.clock()):
            raise Problem(404)
        return row, meeting

    return pages


def _page(row: Row[Any], meeting: Row[Any], form: Form, *, told: bool = False) -> str:
    return render_template(
        "registration/mine_story.html",
        row=row,
        title=in_words(meeting.title),
        form=form,
        kinds=[(kind, _(name)) for kind, name in STORY_KINDS.items()],
        told=told,
    )
