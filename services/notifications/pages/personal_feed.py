"""The page with the buttons that make, renew and withdraw the address of a person's own calendar.

Nobody comes here but from "my registration": that page signs a link of its own, which is exchanged here for a
cookie of this page only. The address is shown once, in the answer to the button that makes it.
"""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, redirect, render_template, url_for
from sqlalchemy.orm import Session

from services.notifications.actions.keep_feed import make_feed, withdraw_feed
from services.notifications.queries import registration_facts
from services.notifications.queries.feeds import feed_of
from services.notifications.rules.addresses import OurAddresses, address_key
from shared.calendar.fetched import subscriptions
from shared.db.transaction import Database
from shared.events.registration import Registration
from shared.i18n import LANGUAGES, N_, current_translator
from shared.people.links import Link, Links
from shared.people.roles import Actor, Thing
from shared.web.access import permit, to_own_page, verb
from shared.web.app import settings_of
from shared.web.mailed_links import MailedLink
from shared.web.problems import Problem

HOME = "/registration/mine"
"""Where someone is sent who comes without the link."""

LINK_PURPOSE = "calendar"
"""What the link to this page is signed for."""

_LINK = MailedLink(
    LINK_PURPOSE,
    N_("Open your registration with the link in a mail about it, and choose your own calendar there."),
    ask_again=HOME,
)


def person_of(session: Session, link: Link) -> Actor | None:
    """The person whom such a link stands for.

    None where a newer one was signed, and for those who share somebody else's mailbox: all of that is not theirs.
    """
    known = registration_facts(session, link.subject)
    if known is None or known.link_version != link.version or known.companion != 1 or not known.person.email:
        return None
    return Actor(role="person", id="participant", registration_id=known.id)


def personal_feed_pages(database: Database, links: Links, ours: OurAddresses, base_url: str) -> Blueprint:
    """``/notifications/calendar/mine/…``: the link, the page, and what its buttons do."""
    pages = Blueprint("personal_feed", __name__, url_prefix="/notifications/calendar")

    @pages.get("/mine/<token>")
    @verb("page.read")
    def open_link(token: str) -> Response:
        link = _LINK.read(links, token)
        with database.reading() as session:
            if person_of(session, link) is None:
                raise _LINK.dead()
        return to_own_page(token, url_for("personal_feed.buttons", registration_id=link.subject))

    @pages.get("/mine/r/<registration_id>")
    @verb("personal-feed.change", sign_in=HOME)
    def buttons(registration_id: str) -> str:
        with database.reading() as session:
            return page(session, _own_registration(session, registration_id))

    @pages.post("/mine/r/<registration_id>")
    @verb("personal-feed.change", sign_in=HOME)
    def make(registration_id: str) -> tuple[str, int]:
        with database.begin() as tx:
            own = _own_registration(tx.session, registration_id)
            secret = make_feed(tx, ours, own)
            return page(tx.session, own, secret), 201

    @pages.post("/mine/r/<registration_id>/withdrawal")
    @verb("personal-feed.change", sign_in=HOME)
    def withdraw(registration_id: str) -> Any:
        with database.begin() as tx:
            withdraw_feed(tx, _owner(_own_registration(tx.session, registration_id)))
        return redirect(url_for("personal_feed.buttons", registration_id=registration_id), 303)

    def page(session: Session, own: Registration, secret: str | None = None) -> str:
        return render_template(
            "notifications/personal_feed.html",
            own=own,
            feed=feed_of(session, _owner(own)),
            subscriptions=subscriptions(_address(base_url, secret), settings_of(current_app).site_name)
            if secret
            else None,
        )

    return pages


def _own_registration(session: Session, registration_id: str) -> Registration:
    """The registration whose page the person came from. Raises ``Problem`` 403 or 404."""
    permit("personal-feed.change", Thing(registration_id=registration_id))
    known = registration_facts(session, registration_id)
    if known is None or not known.person.email:
        raise Problem(404)
    return known


def _owner(own: Registration) -> str:
    return address_key(own.person.email or "")


def _address(base_url: str, secret: str) -> str:
    """Where the calendar is fetched, in the language of the page that shows it."""
    language = current_translator().language
    query = "" if language == LANGUAGES[0] else "?" + urlencode({"lang": language})
    return f"{base_url}/notifications/calendar/{secret}.ics{query}"
