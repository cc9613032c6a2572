"""Sign up for a meeting: one page, no account, an immediate answer."""

from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.forms.fields import UNKNOWN_GROUP
from services.registration.forms.refusals import why_not
from services.registration.forms.sign_up import SignUpForm, allow_sign_up, wish
from services.registration.gate import SeatGate
from services.registration.lists.words import group_words
from services.registration.pages.asked import asked_by, organisation_options, session_titles
from services.registration.pages.meetings import meeting_or_404, roles_open
from services.registration.pages.urgent import urgent_now
from services.registration.pages.waiting import ONLINE, elsewhere, prospect
from services.registration.queries.alternatives import coming, public_free
from services.registration.queries.meetings import asking_of
from services.registration.queries.references import workplace
from services.registration.queries.seats import public_figures, seats_of
from services.registration.rules.addresses import address_key
from services.registration.rules.asking import Asking
from services.registration.rules.decision import Refused
from services.registration.rules.opening import refuse_now
from services.registration.rules.sign_ups import Answered, GroupUnknown, KeyReused, Outcome
from shared.db.transaction import Database, new_id
from shared.i18n import gettext as _
from shared.i18n import in_words
from shared.web.access import verb
from shared.web.forms import Form, filled, read_form
from shared.web.limits import TooMany

_KEY = "key"


def sign_up_pages(database: Database, gate: SeatGate) -> Blueprint:
    """The sign-up form of each meeting."""
    pages = Blueprint("sign_up", __name__)

    def form_page(session: Session, meeting: Row[Any], form: Form, refused: Refused | None) -> str:
        now = database.clock()
        full = not public_free(meeting, public_figures(session, meeting.id) or {}, None, now)
        return render_template(
            "registration/sign_up.html",
            meeting=meeting,
            title=in_words(meeting.title),
            urgent=urgent_now(session, meeting, now),
            form=form,
            key=form.value(_KEY) or new_id(),
            refused=why_not(refused) if refused else None,
            roles=roles_open(session, meeting),
            organisations=organisation_options(session),
            asked=asked_by(session, meeting, now),
            full=full,
            others=elsewhere(session, meeting, form.value("targetGroup") or None, now) if full or refused else [],
            has_series=meeting.series is not None and len(coming(session, meeting.series, now)) > 1,
        )

    def answer_page(session: Session, meeting: Row[Any], form: Form, answered: Answered) -> str:
        now, group = database.clock(), form.value("targetGroup")
        return render_template(
            "registration/signed_up.html",
            meeting=meeting,
            title=in_words(meeting.title),
            answered=answered,
            group=group_words(session, meeting).get(group, group),
            prospect=prospect(meeting, now) if answered.place_in_group else ONLINE,
            session_titles=session_titles(meeting),
            email=form.value("email"),
            others=elsewhere(session, meeting, group, now) if answered.place else [],
        )

    @pages.get("/meetings/<slug>")
    @verb("page.read")
    def sign_up_form(slug: str) -> str:
        with database.reading() as session:
            meeting = meeting_or_404(session, slug)
            refused = refuse_now(seats_of(meeting).opening, database.clock())
            return form_page(session, meeting, filled({_KEY: new_id(), "attendance": "venue"}), refused)

    @pages.post("/meetings/<slug>")
    @verb("registration.create")
    def sign_up(slug: str) -> Any:
        with database.reading() as session:
            meeting = meeting_or_404(session, slug)
            asking = asking_of(session, meeting)
        schema = SignUpForm(asking)
        form = read_form(schema, schema.several)
        try:
            outcome = _ask(database, gate, meeting.id, asking, form)
        except TooMany as problem:
            form.refuse("", problem.detail)
            with database.reading() as session:
                return form_page(session, meeting, form, None), problem.status, problem.headers
        with database.reading() as session:
            if isinstance(outcome, Answered):
                return answer_page(session, meeting, form, outcome), 201
            status = 400 if form.errors else 409
            return form_page(session, meeting, form, outcome if isinstance(outcome, Refused) else None), status

    return pages


def _ask(database: Database, gate: SeatGate, meeting_id: str, asking: Asking, form: Form) -> Outcome | None:
    """Sign up with what stands in the form; None, with reasons in the form, where a field is not right.

    Raises ``TooMany``.
    """
    if form.loaded is None:
        return None
    allow_sign_up(form.loaded, meeting_id)
    with database.reading() as session:
        where = workplace(session, form.loaded["organisation"], address_key(form.loaded["email"]))
    asked = wish(asking, form.loaded, where, request.form.get(_KEY))
    outcome = gate.sign_up(meeting_id, asked)
    match outcome:
        case GroupUnknown():
            form.refuse("targetGroup", _(UNKNOWN_GROUP))
        case Refused("not-eligible"):
            form.refuse("targetGroup", why_not(outcome))
            return None
        case KeyReused():
            form.typed[_KEY] = new_id()
            form.refuse("", _("You changed the form after it was sent. Look at it and send it once more."))
    return outcome
