"""The way to one's own data: a fresh link, asked for and opened.

The link is used up by the button on its page, never by opening it; what is opened lasts as long as the link would.
"""

from typing import Any

from flask import Blueprint, render_template, url_for
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.actions.my_data import LINK_LASTS, ask_link, use_link
from services.registration.forms.my_data import MyDataLinkForm
from services.registration.queries.my_data import my_data_link_by
from shared.db.ledger import Ledger
from shared.db.transaction import Database
from shared.i18n import N_, current_translator
from shared.people.links import Links
from shared.people.pseudonyms import folded
from shared.web.access import current_actor, to_own_page, verb
from shared.web.forms import Form, filled, read_form
from shared.web.limits import TooMany, allow_post
from shared.web.mailed_links import MailedLink
from shared.web.problems import Problem

HOME = "/registration/my-data"
OPENED = "my-data-opened"
"""The purpose of the link that the cookie holds once the button was pressed."""

_LINK = MailedLink("my-data", N_("A link to your data works once, and for 15 minutes. Ask for a new one."), HOME)


def my_data_link_pages(database: Database, ledger: Ledger, links: Links) -> Blueprint:
    """``/my-data`` and the page behind the mailed link."""
    pages = Blueprint("my_data_link", __name__)

    @pages.get("/my-data")
    @verb("page.read")
    def ask_form() -> str:
        return render_template("registration/my_data_ask.html", form=filled({}))

    @pages.post("/my-data")
    @verb("my-data.ask")
    def ask() -> Any:
        form = read_form(MyDataLinkForm())
        try:
            _ask(database, ledger, form)
        except TooMany as problem:
            form.refuse("", problem.detail)
            return render_template("registration/my_data_ask.html", form=form), problem.status, problem.headers
        if not form.ok:
            return render_template("registration/my_data_ask.html", form=form), 400
        return render_template("registration/my_data_asked.html"), 202

    @pages.get("/my-data/<token>")
    @verb("page.read")
    def link(token: str) -> str:
        with database.reading() as session:
            row = my_data_link_by(session, _LINK.read(links, token).subject, database.clock())
        if row is None or row.used:
            raise _LINK.dead()
        return render_template("registration/my_data_link.html", token=token)

    @pages.post("/my-data/<token>")
    @verb("my-data.use")
    def open_link(token: str) -> Any:
        link_id = _LINK.read(links, token).subject
        with database.begin() as tx:
            is_fresh = use_link(tx, link_id)
        if not is_fresh:
            raise _LINK.dead()
        opened = links.sign(OPENED, link_id, valid_until=database.clock() + LINK_LASTS)
        return to_own_page(opened, url_for("my_data_link.ask_form"), "/mine")

    return pages


def opened_link(database: Database, session: Session) -> Row[Any] | None:
    """The link whose button was pressed in this browser, while it is fresh."""
    return my_data_link_by(session, current_actor().my_data_id, database.clock())


def opened_by_person(database: Database) -> Row[Any]:
    """The same, of somebody who was not erased since. Raises ``Problem`` 403."""
    with database.reading() as session:
        row = opened_link(database, session)
    if row is None or not row.email:
        raise Problem(403)
    return row


def _ask(database: Database, ledger: Ledger, form: Form) -> None:
    """Have a link mailed, if the form is right. Raises ``TooMany``."""
    if form.loaded is None:
        return
    email = form.loaded["email"]
    allow_post("my-data", address=folded(email))
    with database.begin() as tx:
        ask_link(tx, ledger.pseudonyms, email, current_translator().language)
