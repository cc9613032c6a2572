"""The mailroom: what was sent, what waits and what failed, for organisers."""

from datetime import datetime

from flask import Blueprint, render_template

from services.notifications.forms import KINDS, STATUSES, MessageQuery
from services.notifications.queries import thing_of
from services.notifications.queries.mailroom import coming_meetings, not_arrived
from services.notifications.queries.mails import mail_by_id, mail_server_away, mails
from services.notifications.rules.showing import shown
from shared.db.transaction import Database
from shared.i18n import in_words
from shared.people.roles import Thing, bounds_of
from shared.web.access import current_actor, permit, verb
from shared.web.api import page_of, paged
from shared.web.problems import Problem
from shared.web.reading import read_query
from shared.web.record import on_record


def mailroom_pages(database: Database) -> Blueprint:
    """``/notifications/mailroom`` and one mail in it."""
    pages = Blueprint("mailroom", __name__, url_prefix="/notifications/mailroom")

    @pages.get("")
    @on_record("mail.read")
    @verb("mailroom.read")
    def mailroom() -> str:
        query, reach = read_query(MessageQuery()), bounds_of(current_actor())
        page = page_of(query)

        with database.reading() as session:
            found = mails(session, reach, query["status"], page.offset, page.size + 1)
            away = mail_server_away(session)
            missing = not_arrived(session, reach)
            meetings = coming_meetings(session, reach, database.clock())
        rows, _links = paged(found, page)
        return render_template(
            "notifications/mailroom.html",
            mails=rows,
            chosen=query["status"],
            page=page.number,
            is_more=len(found) > page.size,
            statuses=STATUSES,
            kinds=KINDS,
            away=away,
            missing=missing,
            meetings=[(row.id, in_words(row.title), datetime.fromisoformat(row.starts_at)) for row in meetings],
        )

    @pages.get("/<mail_id>")
    @on_record("mail.read")
    @verb("mailroom.read")
    def mail(mail_id: str) -> str:
        with database.reading() as session:
            found = mail_by_id(session, mail_id)
            thing = thing_of(session, found.meeting_id) if found else None
            permit("mailroom.read", thing or Thing())
        if found is None:
            raise Problem(404)
        return render_template(
            "notifications/mail.html",
            mail=found,
            text=shown(found.source) if found.source else None,
            statuses=STATUSES,
            kinds=KINDS,
        )

    return pages
