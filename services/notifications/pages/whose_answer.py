"""The page behind "Was that you?": who answered what, and the button that says so. Opening it changes nothing."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.notifications.actions.claim_answer import claim_answer
from services.notifications.forms import ANSWERS, WHY
from services.notifications.pages.invited import words_of
from services.notifications.queries.invitations import invitation_facts
from services.notifications.queries.mails import mail_received
from services.notifications.rules.addresses import OurAddresses, owner_of
from shared.db.transaction import Database
from shared.i18n import N_
from shared.people.links import Links
from shared.web.access import verb
from shared.web.mailed_links import MailedLink

_LINK = MailedLink(
    "whose-answer", N_("We ask this for 30 days, and then erase what it was about. Nothing has changed.")
)


def whose_answer_pages(database: Database, links: Links, ours: OurAddresses) -> Blueprint:
    """``/notifications/whose-answer/{token}``."""
    pages = Blueprint("whose_answer", __name__, url_prefix="/notifications/whose-answer")

    @pages.get("/<token>")
    @verb("answer.claim")
    def ask(token: str) -> str:
        with database.reading() as session:
            mail, invitation = _asked_about(session, links, token)
            return render_template(
                "notifications/whose_answer.html",
                mail=mail,
                token=token,
                owner=owner_of(invitation.address),
                meeting=words_of(session, invitation),
                answers=ANSWERS,
                whys=WHY,
            )

    @pages.post("/<token>")
    @verb("answer.claim")
    def claim(token: str) -> Any:
        with database.reading() as session:
            mail, _invitation = _asked_about(session, links, token)
        with database.begin() as tx:
            claim_answer(tx, ours, mail.id)
        return redirect(url_for("whose_answer.ask", token=token), 303)

    return pages


def _asked_about(session: Session, links: Links, token: str) -> tuple[Row[Any], Row[Any]]:
    """The mail that this link is about, and its invitation. Raises ``Problem`` 404."""
    mail = mail_received(session, _LINK.read(links, token).subject)
    invitation = invitation_facts(session, mail.invitation_id) if mail and mail.claimed_by else None
    if mail is None or invitation is None:
        raise _LINK.dead()
    return mail, invitation
