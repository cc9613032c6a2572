"""What an address wants to receive: behind a signed link in mailings, without signing in."""

from dataclasses import asdict

from flask import Blueprint, render_template

from services.notifications.actions.subscribe import prefer
from services.notifications.forms.subscriptions import PreferencesForm, preferences_in
from services.notifications.queries.campaigns import is_subscribed
from services.notifications.queries.preferences import preferences
from shared.db.transaction import Database
from shared.i18n import N_
from shared.people.links import Links
from shared.web.access import verb
from shared.web.forms import Form, filled, read_form
from shared.web.mailed_links import MailedLink

_LINK = MailedLink("preferences", N_("Open the link to your preferences in the newest mail that has one."))


def preference_pages(database: Database, links: Links) -> Blueprint:
    """``/notifications/preferences/{token}``; the address itself is not shown, for mails are passed on."""
    pages = Blueprint("preferences", __name__, url_prefix="/notifications/preferences")

    @pages.get("/<token>")
    @verb("preferences.use")
    def show(token: str) -> str:
        fingerprint = _LINK.read(links, token).subject
        with database.reading() as session:
            chosen = preferences(session, fingerprint)
        return page(fingerprint, filled(asdict(chosen)))

    @pages.post("/<token>")
    @verb("preferences.use")
    def keep(token: str) -> str | tuple[str, int]:
        fingerprint, given = _LINK.read(links, token).subject, read_form(PreferencesForm())
        if given.loaded is None:
            return page(fingerprint, given), 400
        with database.begin() as tx:
            prefer(tx, fingerprint, preferences_in(given.loaded))
        return page(fingerprint, given, kept=True)

    def page(fingerprint: str, form: Form, *, kept: bool = False) -> str:
        with database.reading() as session:
            subscribed = is_subscribed(session, fingerprint)
        return render_template("notifications/preferences.html", form=form, subscribed=subscribed, kept=kept)

    return pages
