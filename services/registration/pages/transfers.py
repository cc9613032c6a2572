"""Hand a seat over: proposed and withdrawn behind my link, taken over behind the colleague's."""

from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.actions.transfer_seat import accept_transfer, propose_transfer, withdraw_transfer
from services.registration.forms.acts import act_of
from services.registration.forms.fields import UNKNOWN_GROUP
from services.registration.forms.mine import TransferForm, allow_transfer, colleague
from services.registration.forms.refusals import conflict, why_not
from services.registration.lists.words import group_words
from services.registration.pages.meetings import own_registration, roles_open
from services.registration.pages.mine import HOME, back_to
from services.registration.queries.meetings import meeting_by
from services.registration.queries.registrations import registration_by, transfer_by
from services.registration.queries.seats import seats_of
from services.registration.rules.choices import refuse_hand_over
from services.registration.rules.decision import Refused
from shared.db.transaction import Database
from shared.i18n import N_, in_words
from shared.i18n import gettext as _
from shared.people.links import Links
from shared.web.access import current_actor, verb
from shared.web.forms import Form, filled, read_form
from shared.web.limits import TooMany
from shared.web.mailed_links import MailedLink

_LINK = MailedLink("transfer", N_("Ask your colleague to hand the seat over once more."))


def transfer_pages(database: Database, links: Links) -> Blueprint:
    """The pages of the one who hands over, and of the colleague."""
    pages = Blueprint("hand_over", __name__)

    @pages.get("/mine/r/<registration_id>/transfers")
    @verb("transfer.propose", sign_in=HOME)
    def hand_over_form(registration_id: str) -> str:
        with database.reading() as session:
            row, meeting = own_registration(session, registration_id, "transfer.propose")
            return _form_page(session, row, meeting, filled({}))

    @pages.post("/mine/r/<registration_id>/transfers")
    @verb("transfer.propose", sign_in=HOME)
    def hand_over(registration_id: str) -> Any:
        form = read_form(TransferForm())
        with database.reading() as session:
            row, meeting = own_registration(session, registration_id, "transfer.propose")
            if form.loaded and form.loaded["target_group"] not in {"", *dict(roles_open(session, meeting))}:
                form.refuse("targetGroup", _(UNKNOWN_GROUP))
        try:
            if _propose(database, registration_id, form):
                return back_to(registration_id)
        except TooMany as problem:
            form.refuse("", problem.detail)
            with database.reading() as session:
                return _form_page(session, row, meeting, form), problem.status, problem.headers
        with database.reading() as session:
            return _form_page(session, row, meeting, form), 400

    @pages.post("/mine/r/<registration_id>/transfers/withdrawal")
    @verb("transfer.propose", sign_in=HOME)
    def withdraw(registration_id: str) -> Any:
        with database.reading() as session:
            own_registration(session, registration_id, "transfer.propose")
        with database.begin() as tx:
            withdraw_transfer(tx, registration_id, act_of(current_actor(), "withdraw"))
        return back_to(registration_id)

    @pages.get("/transfers/<token>")
    @verb("transfer.use")
    def offered_seat(token: str) -> str:
        with database.reading() as session:
            return _colleagues_page(session, _proposal(session, links, token), token, database.clock())

    @pages.post("/transfers/<token>")
    @verb("transfer.use")
    def take_over(token: str) -> Any:
        with database.reading() as session:
            proposal = _proposal(session, links, token)
        with database.begin() as tx:
            taken = accept_transfer(tx, proposal.id)
        if isinstance(taken, Refused):
            raise conflict(taken)
        return redirect(url_for("hand_over.offered_seat", token=token), 303)

    return pages


def _propose(database: Database, registration_id: str, form: Form) -> bool:
    """Whether the colleague is asked; if not, the form says why. Raises ``TooMany``, or ``Problem`` 409."""
    if form.loaded is None or not form.ok:
        return False
    allow_transfer(form.loaded)
    with database.begin() as tx:
        proposed = propose_transfer(tx, registration_id, colleague(form.loaded), act_of(current_actor(), "transfer"))
    if isinstance(proposed, Refused):
        _beside_field(form, proposed)
    return form.ok


def _beside_field(form: Form, refused: Refused) -> None:
    """A refusal beside the field that can make it right. Raises ``Problem`` 409 where none can."""
    beside = {"other-organisation": "email", "not-eligible": "targetGroup"}
    if refused.reason not in beside:
        raise conflict(refused)
    form.refuse(beside[refused.reason], why_not(refused))


def _form_page(session: Session, row: Row[Any], meeting: Row[Any], form: Form) -> str:
    return render_template(
        "registration/mine_transfer.html",
        row=row,
        meeting=meeting,
        title=in_words(meeting.title),
        role=group_words(session, meeting).get(row.target_group, row.target_group),
        roles=roles_open(session, meeting),
        form=form,
    )


def _proposal(session: Session, links: Links, token: str) -> Row[Any]:
    """The proposal that this link is about. Raises ``Problem`` 404."""
    link = _LINK.read(links, token)
    row = transfer_by(session, link.subject)
    if row is None or row.version != link.version:
        raise _LINK.dead()
    return row


def _colleagues_page(session: Session, proposal: Row[Any], token: str, now: datetime) -> str:
    giver = registration_by(session, proposal.registration_id)
    meeting = meeting_by(session, giver.meeting_id) if giver else None
    if giver is None or meeting is None:
        raise _LINK.dead()
    refused = refuse_hand_over(giver.status, seats_of(meeting).opening, now)
    if proposal.status == "withdrawn" or (refused and refused.reason == "no-seat"):
        refused = Refused("transfer-over")
    return render_template(
        "registration/transfer.html",
        proposal=proposal,
        giver=giver,
        meeting=meeting,
        title=in_words(meeting.title),
        groups=group_words(session, meeting),
        taken=proposal.status == "accepted",
        refused=why_not(refused) if refused else None,
        token=token,
    )
