"""How helpers come to the door: an organiser makes a link and shows it; a button behind it lets them in."""

from typing import Any

import segno
from flask import Blueprint, current_app, redirect, render_template, url_for
from sqlalchemy import Row

from services.registration.actions.keep_helpers import dismiss_helpers, invite_helpers
from services.registration.pages.door import reached
from services.registration.pages.meetings import meeting_or_404
from services.registration.pages.sign_in_cookies import ORGANISER, signed_in
from services.registration.queries.meetings import thing_of
from services.registration.tables import grants
from shared.db.transaction import Database
from shared.i18n import gettext as _
from shared.i18n import in_words
from shared.people.grants import find_grant
from shared.people.roles import may
from shared.web.access import current_actor, verb
from shared.web.app import settings_of
from shared.web.mailed_links import dead_link


def helpers_pages(database: Database) -> Blueprint:
    """The page where helpers are let in, and the one behind their link."""
    pages = Blueprint("helpers", __name__)

    def page(meeting: Row[Any], secret: str | None = None) -> str:
        path = secret and url_for("helpers.link", slug=meeting.slug, token=secret)
        address = path and settings_of(current_app).base_url + path
        return render_template(
            "registration/helpers.html",
            meeting=meeting,
            title=in_words(meeting.title),
            address=address,
            square=segno.make_qr(address).svg_data_uri(scale=5) if address else None,
        )

    @pages.get("/check-in/<slug>/helpers")
    @verb("helpers.change")
    def helpers(slug: str) -> str:
        return page(reached(database, slug, "helpers.change"))

    @pages.post("/check-in/<slug>/helpers")
    @verb("helpers.change")
    def invite(slug: str) -> tuple[str, int]:
        meeting = reached(database, slug, "helpers.change")
        name = _("Helpers: %(title)s", title=in_words(meeting.title))
        with database.begin() as tx:
            secret = invite_helpers(tx, meeting.id, name, current_actor().id or "")
        return page(meeting, secret), 201

    @pages.post("/check-in/<slug>/helpers/dismissal")
    @verb("helpers.change")
    def dismiss(slug: str) -> Any:
        meeting = reached(database, slug, "helpers.change")
        with database.begin() as tx:
            dismiss_helpers(tx, meeting.id, current_actor().id or "")
        return redirect(url_for("helpers.helpers", slug=slug), 303)

    @pages.get("/check-in/<slug>/helper/<token>")
    @verb("page.read")
    def link(slug: str, token: str) -> str:
        meeting = _meeting_of_key(database, slug, token)
        return render_template(
            "registration/helper_link.html", meeting=meeting, title=in_words(meeting.title), token=token
        )

    @pages.post("/check-in/<slug>/helper/<token>")
    @verb("sign-in.use")
    def use_link(slug: str, token: str) -> Any:
        meeting = _meeting_of_key(database, slug, token)
        return signed_in(ORGANISER, token, url_for("check_in.door", slug=meeting.slug))

    return pages


def _meeting_of_key(database: Database, slug: str, secret: str) -> Row[Any]:
    """The meeting whose door this helper's key opens. Raises ``Problem`` 404."""
    with database.reading() as session:
        meeting = meeting_or_404(session, slug)
        helper = find_grant(session, grants, secret, database.clock())
    if helper is None or helper.role != "helper" or not may(helper, "attendance.change", thing_of(meeting)):
        raise dead_link(_("Ask the organiser of the meeting for a new one."))
    return meeting
