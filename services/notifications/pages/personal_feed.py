"""The page with the buttons that make, renew and withdraw the address of a person's own calendar.

Nobody comes here but from "my registration": that page signs a link of its own, which is exchanged here for a
cookie of this page only. The address is shown once, in the answer to the button that makes it.
"""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from services.notifications.actions.keep_feed import make_feed, withdraw_feed
from services.notifications.queries import feed_of, registration_facts
from services.notifications.rules.addresses import address_key
from shared.calendar.fetched import subscriptions
from shared.db.transaction import Database
from shared.i18n import LANGUAGES, current_translator
from shared.i18n import gettext as _
from shared.people.links import BadLink, Link, Links
from shared.people.roles import Actor, Thing
from shared.web.access import LINK_COOKIE, permit, verb
from shared.web.problems import Problem

HOME = "/registration/mine"
"""Where someone is sent who comes without the link."""

LINK_PURPOSE = "calendar"
"""What the link to this page is signed for."""


def person_of(session: Session, link: Link) -> Actor | None:
    """The person whom such a link stands for.

    None where a newer one was signed, and for those who share somebody else's mailbox: all of that is not theirs.
    """
    known = registration_facts(session, link.subject)
    if known is None or known.link_version != link.version or known.companion != 1 or not known.person.email:
        return None
    return Actor(role="person", id="participant", registration_id=known.id)


def personal_feed_pages(database: Database, links: Links, base_url: str) -> Blueprint:
    """``/notifications/calendar/mine/…``: the link, the page, and what its buttons do."""
    pages = Blueprint("personal_feed", __name__, url_prefix="/notifications/calendar")

    @pages.get("/mine/<token>")
    @verb("page.read")
    def open_link(token: str) -> Response:
        try:
            link = links.read(token, LINK_PURPOSE)
        except BadLink as error:
            raise _dead_link() from error
        with database.reading() as session:
            if person_of(session, link) is None:
                raise _dead_link()
        own = url_for("personal_feed.buttons", registration_id=link.subject)
        response = Response(status=303, headers={"Location": own})
        response.set_cookie(LINK_COOKIE, token, path=own, httponly=True, secure=request.is_secure, samesite="Lax")
        return response

    @pages.get("/mine/r/<registration_id>")
    @verb("personal-feed.change", sign_in=HOME)
    def buttons(registration_id: str) -> str:
        return page(own_mailbox(registration_id))

    @pages.post("/mine/r/<registration_id>")
    @verb("personal-feed.change", sign_in=HOME)
    def make(registration_id: str) -> tuple[str, int]:
        mailbox = own_mailbox(registration_id)
        with database.begin() as tx:
            secret = make_feed(tx, address_key(mailbox))
        return page(mailbox, secret), 201

    @pages.post("/mine/r/<registration_id>/withdrawal")
    @verb("personal-feed.change", sign_in=HOME)
    def withdraw(registration_id: str) -> Any:
        mailbox = own_mailbox(registration_id)
        with database.begin() as tx:
            withdraw_feed(tx, address_key(mailbox))
        return redirect(url_for("personal_feed.buttons", registration_id=registration_id), 303)

    def own_mailbox(registration_id: str) -> str:
        """The mail address as typed. Raises ``Problem`` 403 or 404."""
        permit("personal-feed.change", Thing(registration_id=registration_id))
        with database.reading() as session:
            known = registration_facts(session, registration_id)
        if known is None or not known.person.email:
            raise Problem(404)
        return known.person.email

    def page(mailbox: str, secret: str | None = None) -> str:
        with database.reading() as session:
            feed = feed_of(session, address_key(mailbox))
        return render_template(
            "notifications/personal_feed.html",
            mailbox=mailbox,
            feed=feed,
            subscriptions=subscriptions(_address(base_url, secret)) if secret else None,
        )

    return pages


def _address(base_url: str, secret: str) -> str:
    """Where the calendar is fetched, in the language of the page that shows it."""
    language = current_translator().language
    query = "" if language == LANGUAGES[0] else "?" + urlencode({"lang": language})
    return f"{base_url}/notifications/calendar/{secret}.ics{query}"


def _dead_link() -> Problem:
    return Problem(
        404,
        title=_("This link does not work any more"),
        detail=_("Open your registration with the link in a mail about it, and choose your own calendar there."),
    )
