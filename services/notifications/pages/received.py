"""The mail that came in, and what was made of each."""

from flask import Blueprint, render_template

from services.notifications.forms import ANSWERS, OUTCOMES, WHY, ReceivedQuery
from services.notifications.queries import thing_of
from services.notifications.queries.mailroom import received
from services.notifications.queries.mails import mail_received
from services.notifications.queries.sparring import sparring_of
from services.notifications.rules.showing import shown
from shared.db.transaction import Database
from shared.people.roles import Thing, bounds_of
from shared.web.access import current_actor, permit, verb
from shared.web.api import page_of, paged
from shared.web.problems import Problem
from shared.web.reading import read_query
from shared.web.record import on_record


def received_pages(database: Database) -> Blueprint:
    """``/notifications/mailroom/received`` and one mail in it."""
    pages = Blueprint("received", __name__, url_prefix="/notifications/mailroom/received")

    @pages.get("")
    @on_record("received.read")
    @verb("mailroom.read")
    def all_received() -> str:
        query, reach = read_query(ReceivedQuery()), bounds_of(current_actor())
        page = page_of(query)

        with database.reading() as session:
            found = received(session, reach, query["outcome"], page.offset, page.size + 1)
        rows, _links = paged(found, page)
        return render_template(
            "notifications/received.html",
            mails=rows,
            chosen=query["outcome"],
            page=page.number,
            is_more=len(found) > page.size,
            outcomes=OUTCOMES,
            whys=WHY,
        )

    @pages.get("/<mail_id>")
    @on_record("received.read")
    @verb("mailroom.read")
    def one(mail_id: str) -> str:
        with database.reading() as session:
            found = mail_received(session, mail_id)
            if found and sparring_of(session, found):  # the two alone see what they write to each other
                raise Problem(404)
            thing = thing_of(session, found.meeting_id) if found else None
            permit("mailroom.read", thing or Thing())
        if found is None:
            raise Problem(404)
        return render_template(
            "notifications/received_mail.html",
            mail=found,
            text=shown(found.source),
            answers=ANSWERS,
            outcomes=OUTCOMES,
            whys=WHY,
        )

    return pages
