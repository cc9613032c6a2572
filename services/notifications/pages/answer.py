"""Yes, maybe or no with a button, for who has no calendar that answers: it does the same as a reply.

The token in the path is exchanged for a cookie that only this invitation's page receives; opening changes nothing.
"""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.notifications.actions.read_reply import take_answer
from services.notifications.forms import ANSWERS, AnswerForm
from services.notifications.pages.invited import words_of
from services.notifications.queries import meeting_facts, registration_facts
from services.notifications.queries.invitations import invitation_by_id, invitation_facts
from services.notifications.rules.addresses import OurAddresses
from services.notifications.rules.desired import is_over
from services.notifications.rules.replies import Said
from shared.db.transaction import Database
from shared.i18n import N_
from shared.people.links import Link, Links
from shared.people.roles import Actor, Thing
from shared.web.access import permit, to_own_page, verb
from shared.web.forms import read_form
from shared.web.mailed_links import MailedLink
from shared.web.problems import Problem

HOME = "/registration/mine"
"""Where someone is sent who comes without the link."""

ANSWER_PURPOSE = "answer"
"""What the link to this page is signed for."""

_LINK = MailedLink(ANSWER_PURPOSE, N_("Use the link in the newest mail about this meeting."))


def invited_of(session: Session, link: Link) -> Actor | None:
    """The person whom such a link stands for; None where the invitation was erased."""
    invitation = invitation_facts(session, link.subject)
    return Actor(role="person", id="participant", invitation_id=invitation.id) if invitation else None


def answer_pages(database: Database, links: Links, ours: OurAddresses) -> Blueprint:
    """``/notifications/answer/…``: the link, the page with its buttons, and what they do."""
    pages = Blueprint("answer", __name__, url_prefix="/notifications/answer")

    @pages.get("/<token>")
    @verb("page.read")
    def open_link(token: str) -> Response:
        link = _LINK.read(links, token)
        with database.reading() as session:
            if invited_of(session, link) is None:
                raise _LINK.dead()
        wish = request.args.get("answer")
        own = url_for("answer.buttons", invitation_id=link.subject)
        return to_own_page(token, own, f"?answer={wish}" if wish in ANSWERS else "")

    @pages.get("/i/<invitation_id>")
    @verb("invitation.answer", sign_in=HOME)
    def buttons(invitation_id: str) -> str:
        permit("invitation.answer", Thing(invitation_id=invitation_id))
        with database.reading() as session:
            invitation = invitation_facts(session, invitation_id)
            if invitation is None:
                raise _LINK.dead()
            return page(session, invitation)

    @pages.post("/i/<invitation_id>")
    @verb("invitation.answer", sign_in=HOME)
    def answer(invitation_id: str) -> Any:
        permit("invitation.answer", Thing(invitation_id=invitation_id))
        form = read_form(AnswerForm())
        if form.loaded is None:
            raise Problem(400, errors=form.errors)
        with database.begin() as tx:
            invitation = invitation_by_id(tx.session, invitation_id)
            if invitation is None:
                raise _LINK.dead()
            said = Said(
                choice=form.loaded["answer"],
                sequence=invitation.told_sequence or 0,
                stamped_at=tx.now,
                by="page",
            )
            take_answer(tx, ours, invitation, said)
        return redirect(url_for("answer.buttons", invitation_id=invitation_id), 303)

    def page(session: Session, invitation: Row[Any]) -> str:
        meeting = meeting_facts(session, invitation.meeting_id)
        is_gone = meeting is None or meeting.status == "cancelled" or is_over(meeting, database.clock())
        return render_template(
            "notifications/answer.html",
            invitation=invitation,
            meeting=words_of(session, invitation),
            can_answer=not is_gone and invitation.state == "live",
            is_gone=is_gone,
            answers=ANSWERS,
            wish=request.args.get("answer", ""),
            mine=_mine(session, links, invitation),
        )

    return pages


def _mine(session: Session, links: Links, invitation: Row[Any]) -> str | None:
    """The link to the registration, which is the way back; whoever comes here had it in the same mail."""
    known = registration_facts(session, invitation.registration_id) if invitation.registration_id else None
    return f"{HOME}/{links.sign('mine', known.id, known.link_version)}" if known else None
