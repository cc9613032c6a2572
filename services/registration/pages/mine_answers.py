"""My registration: confirmed that it was me, and an offered seat taken or left."""

from typing import Any

from flask import Blueprint

from services.registration.actions.answer_offer import accept_offer, decline_offer
from services.registration.actions.confirm_registration import confirm_registration
from services.registration.forms.acts import act_of
from services.registration.forms.mine import OfferForm
from services.registration.pages.meetings import own_registration
from services.registration.pages.mine import HOME, back_to
from shared.db.transaction import Database
from shared.web.access import current_actor, verb
from shared.web.forms import read_form
from shared.web.problems import Problem


def mine_answers_pages(database: Database) -> Blueprint:
    """The buttons with which someone answers us."""
    pages = Blueprint("mine_answers", __name__)

    @pages.post("/mine/r/<registration_id>/confirmation")
    @verb("registration.confirm", sign_in=HOME)
    def confirm(registration_id: str) -> Any:
        with database.reading() as session:
            own_registration(session, registration_id, "registration.confirm")
        with database.begin() as tx:
            refused = confirm_registration(tx, registration_id)
        return back_to(registration_id, refused)

    @pages.post("/mine/r/<registration_id>/offer")
    @verb("offer.answer", sign_in=HOME)
    def answer(registration_id: str) -> Any:
        with database.reading() as session:
            own_registration(session, registration_id, "offer.answer")
        form = read_form(OfferForm())
        if form.loaded is None:
            raise Problem(400, errors=form.errors)
        with database.begin() as tx:
            if form.loaded["answer"] == "accepted":
                refused = accept_offer(tx, registration_id, act_of(current_actor(), "accept"))
            else:
                refused = decline_offer(tx, registration_id, act_of(current_actor(), "decline"))
        return back_to(registration_id, refused)

    return pages
