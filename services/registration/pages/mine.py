"""My registration: opened with the link from the mail, shown, and cancelled with a button.

The token in the path is exchanged for a cookie that only this registration's path receives; opening changes nothing.
"""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.actions.cancel_registration import cancel_registration
from services.registration.actions.set_standing import Act
from services.registration.forms.refusals import why_not
from services.registration.forms.registrations import CancellationForm
from services.registration.pages.meetings import group_words, in_words
from services.registration.queries import all_places, meeting_by, registration_by, seats_of
from services.registration.rules.standing import HOLDS_SEAT, is_registered
from shared.db.transaction import Database
from shared.i18n import gettext as _
from shared.people.links import BadLink, Links
from shared.people.roles import Thing
from shared.web.access import LINK_COOKIE, permit, verb
from shared.web.forms import filled, read_form
from shared.web.problems import Problem


def mine_pages(database: Database, links: Links) -> Blueprint:
    """The page behind the link in each mail to a registered person."""
    pages = Blueprint("mine", __name__)

    @pages.get("/mine")
    @verb("page.read")
    def where_is_my_link() -> str:
        return render_template("registration/mine_link.html")

    @pages.get("/mine/<token>")
    @verb("page.read")
    def open_link(token: str) -> Response:
        try:
            link = links.read(token, "mine")
        except BadLink as error:
            raise _dead_link() from error
        with database.reading() as session:
            row = registration_by(session, link.subject)
        if row is None or row.link_version != link.version:
            raise _dead_link()
        own = url_for("mine.mine", registration_id=row.id)
        response = Response(status=303, headers={"Location": own})
        response.set_cookie(LINK_COOKIE, token, path=own, httponly=True, secure=request.is_secure, samesite="Lax")
        return response

    @pages.get("/mine/r/<registration_id>")
    @verb("registration.read", sign_in="/registration/mine")
    def mine(registration_id: str) -> str:
        with database.reading() as session:
            return _page(session, _own(session, registration_id, "registration.read"))

    @pages.post("/mine/r/<registration_id>")
    @verb("registration.cancel", sign_in="/registration/mine")
    def cancel(registration_id: str) -> Any:
        with database.reading() as session:
            _own(session, registration_id, "registration.cancel")
        form = read_form(CancellationForm())
        if form.loaded is None:
            raise Problem(400, errors=form.errors)
        with database.begin() as tx:
            act = Act(name="cancel", cause="participant", by="participant", reason=form.loaded["reason"])
            refused = cancel_registration(tx, registration_id, act)
        if refused:
            raise Problem(409, refused.reason, detail=why_not(refused))
        return redirect(url_for("mine.mine", registration_id=registration_id), 303)

    return pages


def _own(session: Session, registration_id: str, name: str) -> Row[Any]:
    row = registration_by(session, registration_id)
    meeting = meeting_by(session, row.meeting_id) if row else None
    regions = tuple(meeting.regions) if meeting else ()
    permit(name, Thing(regions=regions, meeting_id=row and row.meeting_id, registration_id=row and row.id))
    if row is None:
        raise Problem(404)
    return row


def _page(session: Session, row: Row[Any]) -> str:
    meeting = meeting_by(session, row.meeting_id)
    if meeting is None:
        raise Problem(404)
    words = group_words(session, meeting)
    seated = row.status in HOLDS_SEAT and meeting.status != "cancelled"
    return render_template(
        "registration/mine.html",
        row=row,
        meeting=meeting,
        title=in_words(meeting.title),
        group=words.get(row.target_group, row.target_group),
        seated=seated,
        place=all_places(session, meeting.id).get(row.id),
        online_url=meeting.facts["onlineUrl"] if seated else "",
        may_cancel=is_registered(row.status) and meeting.status == "published",
        reserved=bool(seats_of(meeting).plan.reserved),
        form=filled({}),
    )


def _dead_link() -> Problem:
    return Problem(
        404,
        title=_("This link does not work any more"),
        detail=_("Use the link in the newest mail about your registration."),
    )
