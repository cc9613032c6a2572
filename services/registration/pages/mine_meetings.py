"""Sign up for another meeting behind my link: nothing is typed, for we know who it is."""

from typing import Any

from flask import Blueprint, Response, render_template, request
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.forms.sign_up import KnownForm, known_wish
from services.registration.gate import SeatGate
from services.registration.pages.meetings import meeting_or_404, own_registration
from services.registration.pages.mine import HOME, is_own_address
from services.registration.pages.sign_up_form import KEY, SignUpPage, note_refusal
from services.registration.queries.alternatives import also_open
from services.registration.queries.meetings import asking_of
from services.registration.rules.sign_ups import Answered
from shared.db.transaction import Database, new_id
from shared.i18n import in_words
from shared.web.access import verb
from shared.web.forms import Form, filled, read_form
from shared.web.limits import TooMany, allow_post_from_crowd
from shared.web.problems import Problem


def mine_meetings_pages(database: Database, gate: SeatGate) -> Blueprint:
    """``/mine/r/{id}/meetings``: what else there is, and the form of one with nothing to type."""
    pages = Blueprint("mine_meetings", __name__)

    @pages.get("/mine/r/<registration_id>/meetings")
    @verb("registration.again", sign_in=HOME)
    def others(registration_id: str) -> str:
        with database.reading() as session:
            row = _known(session, registration_id)
            return render_template(
                "registration/mine_meetings.html",
                row=row,
                meetings=[(each, in_words(each.meeting.title)) for each in also_open(session, row, database.clock())],
            )

    @pages.get("/mine/r/<registration_id>/meetings/<slug>")
    @verb("registration.again", sign_in=HOME)
    def known_form(registration_id: str, slug: str) -> Response:
        with database.reading() as session:
            row = _known(session, registration_id)
            page = SignUpPage(session, meeting_or_404(session, slug), database.clock(), row)
            begin = {KEY: new_id(), "attendance": "venue", "targetGroup": row.target_group, "listed": row.listed}
            return page.form(filled(begin))

    @pages.post("/mine/r/<registration_id>/meetings/<slug>")
    @verb("registration.again", sign_in=HOME)
    def sign_up(registration_id: str, slug: str) -> Any:
        with database.reading() as session:
            row, meeting = _known(session, registration_id), meeting_or_404(session, slug)
            asking = asking_of(session, meeting)
            schema = KnownForm(asking)
            form = read_form(schema, schema.several)
            if form.loaded is None:
                return SignUpPage(session, meeting, database.clock(), row).form(form)
        try:
            allow_post_from_crowd("sign-up", address=row.address_key, meeting_id=meeting.id)
        except TooMany as problem:
            form.refuse("", problem.detail)
            with database.reading() as session:
                page = SignUpPage(session, meeting, database.clock(), row)
                return page.form(form), problem.status, problem.headers
        outcome = gate.sign_up(meeting.id, known_wish(asking, form.loaded, row, request.form.get(KEY)))
        with database.reading() as session:
            page = SignUpPage(session, meeting, database.clock(), row)
            if isinstance(outcome, Answered):
                told = Form({**form.typed, "name": row.name, "email": row.email})
                return page.answer(outcome, told, (row.organisation, row.organisation_id))
            note_refusal(form, outcome)
            return page.form(form, outcome)

    return pages


def _known(session: Session, registration_id: str) -> Row[Any]:
    """The registration of someone whose address is their own alone. Raises ``Problem`` 403 or 404."""
    row, _meeting = own_registration(session, registration_id, "registration.again")
    if not is_own_address(row):
        raise Problem(404)
    return row
