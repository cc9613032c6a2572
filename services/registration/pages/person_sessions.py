"""Participants see where they are signed in, and sign out there."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for

from services.registration.actions.person_sign_in import end_own_session
from services.registration.queries.persons import person_sessions
from shared.db.transaction import Database
from shared.people.roles import Actor
from shared.web.access import PERSON_SIGN_IN_PAGE, current_person, verb
from shared.web.problems import Problem


def person_sessions_pages(database: Database) -> Blueprint:
    """``/network/sessions``."""
    pages = Blueprint("person_sessions", __name__)

    @pages.get("/network/sessions")
    @verb("own-sessions.change", sign_in=PERSON_SIGN_IN_PAGE)
    def all_of_mine() -> str:
        person = _person()
        with database.reading() as reading:
            mine = person_sessions(reading, str(person.person_key), database.clock())
        return render_template("registration/person_sessions.html", sessions=mine, this_one=person.grant_id)

    @pages.post("/network/sessions/<session_id>/end")
    @verb("own-sessions.change", sign_in=PERSON_SIGN_IN_PAGE)
    def end(session_id: str) -> Any:
        person = _person()
        with database.begin() as tx:
            end_own_session(tx, str(person.person_key), session_id)
        return redirect(url_for("person_sessions.all_of_mine"), 303)

    return pages


def _person() -> Actor:
    """The participant who is signed in. Raises ``Problem`` 403 for who came in another way."""
    person = current_person()
    if person is None:
        raise Problem(403)
    return person
