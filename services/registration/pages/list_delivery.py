"""A list that went out by itself, as a file for one person without a role: behind the link in their mail, by a button.

Opening the link gives nothing away: mail scanners open links. Each download is on record, with whose link it was.
"""

from typing import Any

from flask import Blueprint, Response, current_app, render_template
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.lists.attendee_list import Asked, take_list
from services.registration.lists.files import file_of
from services.registration.lists.words import PURPOSES, group_words, spoken
from services.registration.queries.deliveries import deliveries_of, delivery_by
from services.registration.queries.meetings import meeting_by
from services.registration.rules.deliveries import still_named
from shared.db.transaction import Database
from shared.i18n import N_, in_words
from shared.people.links import Links
from shared.web.access import verb
from shared.web.app import settings_of
from shared.web.mailed_links import MailedLink

_LINK = MailedLink("attendee-list", N_("Ask the organiser of the meeting for the list."))


def list_delivery_pages(database: Database, links: Links) -> Blueprint:
    """The page behind the link, and the file behind its button."""
    pages = Blueprint("list_delivery", __name__)

    @pages.get("/lists/<token>")
    @verb("page.read")
    def show(token: str) -> str:
        with database.reading() as session:
            delivery, meeting = _delivered(session, links, token)
            words = group_words(session, meeting)
        return render_template(
            "registration/list_delivery.html",
            token=token,
            meeting=meeting,
            title=in_words(meeting.title),
            group=words.get(delivery.target_group, delivery.target_group),
            purpose=spoken(PURPOSES)[delivery.purpose],
            valid_until=delivery.valid_until,
        )

    @pages.post("/lists/<token>")
    @verb("list.use")
    def download(token: str) -> Response:
        with database.reading() as session:
            delivery, meeting = _delivered(session, links, token)
        asked = Asked(
            by=delivery.id,
            role="helper",  # who has no role sees no more than one at the door: no access needs, no diet
            purpose=delivery.purpose,
            form="xlsx",
            groups=[delivery.target_group] if delivery.target_group else [],
        )
        file = file_of(take_list(database, meeting, asked), settings_of(current_app).base_url)
        return Response(file.content, headers=file.headers)

    return pages


def _delivered(session: Session, links: Links, token: str) -> tuple[Row[Any], Row[Any]]:
    """The list that this link is about, and its meeting. Raises ``Problem`` 404 where it opens nothing (any more)."""
    delivery = delivery_by(session, _LINK.read(links, token).subject)
    meeting = meeting_by(session, delivery.meeting_id) if delivery else None
    if delivery is None or meeting is None or meeting.status == "cancelled":
        raise _LINK.dead()
    named = still_named(deliveries_of(meeting), delivery.email, delivery.target_group or None, delivery.purpose)
    if not named:
        raise _LINK.dead()
    return delivery, meeting
