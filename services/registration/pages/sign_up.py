"""Sign up for a meeting: one page, no account, an immediate answer."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, request

from services.registration.forms.sign_up import SignUpForm, allow_sign_up, wish
from services.registration.forms.workplace import GUESS, ask_workplace
from services.registration.gate import SeatGate
from services.registration.pages.meetings import meeting_or_404
from services.registration.pages.sign_up_form import KEY, SignUpPage, note_refusal
from services.registration.queries.meetings import asking_of
from services.registration.queries.references import workplace
from services.registration.rules.addresses import address_key
from services.registration.rules.sign_ups import Answered
from shared.db.transaction import Database, new_id
from shared.web.access import verb
from shared.web.forms import filled, read_form
from shared.web.limits import TooMany


def sign_up_pages(database: Database, gate: SeatGate) -> Blueprint:
    """The sign-up form of each meeting."""
    pages = Blueprint("sign_up", __name__)

    @pages.get("/meetings/<slug>")
    @verb("page.read")
    def sign_up_form(slug: str) -> Response:
        with database.reading() as session:
            page = SignUpPage(session, meeting_or_404(session, slug), database.clock())
            return page.form(filled({KEY: new_id(), "attendance": "venue", GUESS: "true"}))

    @pages.post("/meetings/<slug>")
    @verb("registration.create")
    def sign_up(slug: str) -> Any:
        with database.reading() as session:
            meeting = meeting_or_404(session, slug)
            asking = asking_of(session, meeting)
            schema = SignUpForm(asking)
            form = read_form(schema, schema.several)
            ask_workplace(session, form)
            if form.loaded is None:
                return SignUpPage(session, meeting, database.clock()).form(form)
            where = workplace(session, form.loaded["organisation"], address_key(form.loaded["email"]))
        try:
            is_crowded = allow_sign_up(form.loaded, meeting.id)
        except TooMany as problem:
            form.refuse("", problem.detail)
            with database.reading() as session:
                page = SignUpPage(session, meeting, database.clock())
                return page.form(form), problem.status, problem.headers
        asked = wish(asking, form.loaded, where, request.form.get(KEY))
        outcome = gate.sign_up(meeting.id, replace(asked, confirm_first=is_crowded))
        with database.reading() as session:
            page = SignUpPage(session, meeting, database.clock())
            if isinstance(outcome, Answered):
                return page.answer(outcome, form, where)
            note_refusal(form, outcome)
            return page.form(form, outcome)

    return pages
