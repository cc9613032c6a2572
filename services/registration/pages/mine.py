"""My registration: opened with the link from the mail, shown, and cancelled with a button.

The token in the path is exchanged for a cookie that only this registration's path receives; opening changes nothing.
The person's own calendar is notifications': its page there knows them by a link signed here.
"""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.actions.cancel_registration import cancel_registration
from services.registration.forms.acts import act_of
from services.registration.forms.refusals import conflict
from services.registration.forms.registrations import CancellationForm
from services.registration.lists.words import group_words
from services.registration.pages.asked import session_titles
from services.registration.pages.meetings import own_registration
from services.registration.pages.urgent import urgent_now
from services.registration.pages.waiting import ONLINE, elsewhere, prospect
from services.registration.pages.words import answers_told, ending, told
from services.registration.queries.registrations import history_of, pending_transfer, registration_by, sessions_of
from services.registration.queries.seats import seats_of
from services.registration.queries.waiting import place_of
from services.registration.rules.choices import VERBS_OF, choices, may_bring, may_tell
from services.registration.rules.decision import Refused
from services.registration.rules.standing import HOLDS_SEAT
from services.registration.rules.waiting import at_last_moment
from shared.db.transaction import Database
from shared.i18n import N_, in_words
from shared.i18n import gettext as _
from shared.people.links import Links
from shared.people.roles import Thing, may
from shared.web.access import current_actor, to_own_page, verb
from shared.web.forms import Form, filled, read_form
from shared.web.mailed_links import MailedLink
from shared.web.problems import Problem

HOME = "/registration/mine"
"""Where someone is sent who comes without the link."""

_LINK = MailedLink("mine", N_("Use the link in the newest mail about your registration."), HOME)
_CALENDAR_LINK_LASTS = timedelta(hours=1)


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
        link = _LINK.read(links, token)
        with database.reading() as session:
            row = registration_by(session, link.subject)
        if row is None or row.link_version != link.version:
            raise _LINK.dead()
        own, slug = url_for("mine.mine", registration_id=row.id), request.args.get("meeting")
        page = url_for("mine_meetings.known_form", registration_id=row.id, slug=slug) if slug else own
        return to_own_page(token, own, page.removeprefix(own))

    @pages.get("/mine/r/<registration_id>")
    @verb("registration.read", sign_in=HOME)
    def mine(registration_id: str) -> str:
        with database.reading() as session:
            row, meeting = own_registration(session, registration_id, "registration.read")
            return _page(session, row, meeting, database.clock(), filled({}))

    @pages.get("/mine/r/<registration_id>/calendar")
    @verb("personal-feed.change", sign_in=HOME)
    def own_calendar(registration_id: str) -> Any:
        with database.reading() as session:
            row, _meeting = own_registration(session, registration_id, "personal-feed.change")
        if not is_own_address(row):
            raise Problem(404)
        valid_until = database.clock() + _CALENDAR_LINK_LASTS
        token = links.sign("calendar", row.id, row.link_version, valid_until)
        return redirect(f"/notifications/calendar/mine/{token}", 303)

    @pages.post("/mine/r/<registration_id>")
    @verb("registration.cancel", sign_in=HOME)
    def cancel(registration_id: str) -> Any:
        form = read_form(CancellationForm())
        with database.reading() as session:
            row, meeting = own_registration(session, registration_id, "registration.cancel")
            if form.loaded is None:
                return _page(session, row, meeting, database.clock(), form), 400
        with database.begin() as tx:
            act = act_of(current_actor(), "cancel", form.loaded["reason"])
            refused = cancel_registration(tx, registration_id, act)
        return back_to(registration_id, refused)

    return pages


def back_to(registration_id: str, refused: Refused | None = None) -> Any:
    """Back to the page of this registration. Raises ``Problem`` 409 where what was asked cannot be."""
    if refused:
        raise conflict(refused)
    return redirect(url_for("mine.mine", registration_id=registration_id), 303)


def _page(session: Session, row: Row[Any], meeting: Row[Any], now: datetime, form: Form) -> str:
    seats, past = seats_of(meeting), history_of(session, row.id)
    last = next((each for each in reversed(past) if each.from_status != each.to_status), None)
    groups = group_words(session, meeting)
    possible = choices(row.status, waits=row.waits_for is not None, opening=seats.opening, now=now)
    can = {choice for choice in possible if may(current_actor(), VERBS_OF[choice])}
    seated = row.status in HOLDS_SEAT and meeting.status != "cancelled"
    return render_template(
        "registration/mine.html",
        row=row,
        meeting=meeting,
        title=in_words(meeting.title),
        urgent=urgent_now(session, meeting, now, row.name),
        groups=groups,
        seated=seated,
        is_coming=seats.opening.is_ahead(now),
        can=can,
        mixed=seats.mixed,
        place=place_of(session, row._asdict()),
        prospect=prospect(meeting, now) if row.waits_for == "seat" else ONLINE,
        at_last_moment=at_last_moment(seats.opening, now),
        online_url=meeting.facts["onlineUrl"] if seated and not (seats.mixed and row.attendance == "venue") else "",
        sessions=_chosen(session, row, meeting),
        has_sessions=bool(seats.sessions),
        answers=answers_told(seats.terms.questionnaire, row.target_group, row.answers),
        ending=ending(last) if last else "",
        reason=last.reason if last else "",
        past=told([each for each in past if each.act != "note"], {"participant": _("you")}),
        has_calendar=is_own_address(row)
        and may(current_actor(), "personal-feed.change", Thing(registration_id=row.id)),
        proposal=pending_transfer(session, row.id) if "hand-over" in can else None,
        others=elsewhere(session, meeting, row.target_group, now) if "switch" in can else [],
        can_bring=may_bring(row.status, meeting.status, meeting.ends_at, now),
        can_tell=may_tell(row.status, meeting.status, meeting.ends_at, now),
        form=form,
    )


def _chosen(session: Session, row: Row[Any], meeting: Row[Any]) -> list[tuple[Markup, int | None]]:
    """The sessions that someone chose: the title, and the place where it is waited for."""
    titles = session_titles(meeting)
    return [(titles[chosen.id], chosen.place) for chosen in sessions_of(session, row.id) if chosen.id in titles]


def is_own_address(row: Row[Any]) -> bool:
    """Whether all that is registered with this address is the person's own."""
    return row.companion == 1 and row.email is not None
