"""Sign up for a meeting: one page, no account, an immediate answer."""

from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.actions.sign_up import Answered, GroupUnknown, KeyReused, Outcome
from services.registration.forms.fields import UNKNOWN_GROUP
from services.registration.forms.refusals import why_not
from services.registration.forms.registrations import SignUpForm, wish
from services.registration.gate import SeatGate
from services.registration.pages.meetings import meeting_or_404
from services.registration.queries import organisation_names, references, seats_of
from services.registration.rules.addresses import address_key
from services.registration.rules.decision import Refused
from services.registration.rules.opening import refuse_now
from shared.db.transaction import Database, new_id
from shared.i18n import gettext as _
from shared.i18n import in_words
from shared.web.access import verb
from shared.web.forms import Form, filled, read_form
from shared.web.limits import TooMany, allow_post

_KEY = "key"


def sign_up_pages(database: Database, gate: SeatGate) -> Blueprint:
    """The sign-up form of each meeting."""
    pages = Blueprint("sign_up", __name__)

    @pages.get("/meetings/<slug>")
    @verb("page.read")
    def sign_up_form(slug: str) -> str:
        with database.reading() as session:
            meeting = meeting_or_404(session, slug)
            return _form_page(
                session, meeting, filled({_KEY: new_id()}), refuse_now(seats_of(meeting).opening, database.clock())
            )

    @pages.post("/meetings/<slug>")
    @verb("registration.create")
    def sign_up(slug: str) -> tuple[str, int]:
        with database.reading() as session:
            meeting = meeting_or_404(session, slug)
        form = read_form(SignUpForm())
        outcome = _ask(database, gate, meeting.id, form)
        with database.reading() as session:
            if isinstance(outcome, Answered):
                return _answer_page(meeting, outcome, form), 201
            status = 400 if form.errors else 409
            return _form_page(session, meeting, form, outcome if isinstance(outcome, Refused) else None), status

    return pages


def _ask(database: Database, gate: SeatGate, meeting_id: str, form: Form) -> Outcome | None:
    """Sign up with what stands in the form; None, with reasons in the form, where a field is not right."""
    if form.loaded is None:
        return None
    try:
        allow_post("sign-up", address=address_key(form.loaded["email"]), meeting_id=meeting_id)
    except TooMany as problem:
        form.refuse("", problem.detail)
        return None
    with database.reading() as session:
        asked = wish(session, form.loaded, request.form.get(_KEY))
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


def _form_page(session: Session, meeting: Row[Any], form: Form, refused: Refused | None) -> str:
    """The form; or, where nobody can sign up, why."""
    return render_template(
        "registration/sign_up.html",
        meeting=meeting,
        title=in_words(meeting.title),
        form=form,
        key=form.value(_KEY) or new_id(),
        refused=why_not(refused) if refused else None,
        groups=_groups(session, meeting),
        organisations=[in_words(labels) for labels in organisation_names(session)],
    )


def _answer_page(meeting: Row[Any], answered: Answered, form: Form) -> str:
    email = form.value("email")
    return render_template(
        "registration/signed_up.html", meeting=meeting, title=in_words(meeting.title), answered=answered, email=email
    )


def _groups(session: Session, meeting: Row[Any]) -> list[tuple[str, str]]:
    """The roles that someone can choose: the meeting's own, or all where it is for everyone or takes others too."""
    all_groups = [(row.code, in_words(row.labels)) for row in references(session, "target-group")]
    own = [(group["code"], in_words(group["labels"])) for group in meeting.target_groups]
    return all_groups if not own or meeting.terms["otherRoles"] else own
