"""Subscribing to "invite me": asked on a page, confirmed by a button behind the mailed link."""

from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from services.notifications.actions.subscribe import ask_to_subscribe, confirm_subscription
from services.notifications.forms.subscriptions import SubscriptionForm, wish_in
from services.notifications.queries.campaigns import codes_of, references
from services.notifications.rules.addresses import OurAddresses, address_key
from services.notifications.rules.campaigns import WHOLE_COUNTRY
from services.notifications.rules.guests import Wish
from shared.db.transaction import Database
from shared.i18n import N_, current_translator, in_words
from shared.i18n import gettext as _
from shared.people.links import Links
from shared.web.access import verb
from shared.web.forms import Form, filled, read_form
from shared.web.limits import TooMany, allow_post
from shared.web.mailed_links import MailedLink
from shared.web.policy import scripted

_LINK = MailedLink(
    "subscription",
    N_("Perhaps there is a newer mail with another link. You can also ask to be invited once more."),
    ask_again="/notifications/subscriptions",
)


def subscription_pages(database: Database, ours: OurAddresses, links: Links) -> Blueprint:
    """``/notifications/subscriptions``: the form, and ``…/{token}``: the button that confirms it."""
    pages = Blueprint("subscriptions", __name__, url_prefix="/notifications/subscriptions")

    @pages.get("")
    @verb("page.read")
    @scripted
    def form() -> str:
        chosen = {"targetGroup": request.args.get("targetGroup"), "regions": request.args.getlist("region")}
        with database.reading() as session:
            return _page(session, filled({"language": current_translator().language, **chosen}))

    @pages.post("")
    @verb("subscription.ask")
    @scripted
    def ask() -> str | tuple[str, int]:
        with database.reading() as session:
            schema = SubscriptionForm(codes_of(session, "target-group"), codes_of(session, "region"))
        given = read_form(schema)
        if given.loaded is not None:
            wish = wish_in(given.loaded)
            if _is_allowed(given, wish):
                with database.begin() as tx:
                    ask_to_subscribe(tx, ours, wish)
                return render_template("notifications/subscription_asked.html")
        with database.reading() as session:
            return _page(session, given), 429 if given.loaded else 400

    @pages.get("/<token>")
    @verb("subscription.use")
    def look(token: str) -> str:
        _LINK.read(links, token)
        return render_template("notifications/subscription_confirm.html")

    @pages.post("/<token>")
    @verb("subscription.use")
    def confirm(token: str) -> str:
        link = _LINK.read(links, token)
        with database.begin() as tx:
            holds = confirm_subscription(tx, link.subject, link.version)
        if not holds:
            raise _LINK.dead()
        preferences = links.sign("preferences", link.subject)
        return render_template("notifications/subscription_holds.html", preferences=preferences)

    return pages


def _is_allowed(given: Form, wish: Wish) -> bool:
    """Whether this post is within the limits; if not, the form says so."""
    try:
        allow_post("subscription", address=address_key(wish.guest.person.email or ""))
    except TooMany as error:
        given.refuse("", error.detail)
        return False
    return True


def _page(session: Session, form: Form) -> str:
    regions: list[tuple[str, Any]] = [(WHOLE_COUNTRY, _("The whole country"))]
    return render_template(
        "notifications/subscriptions.html",
        form=form,
        roles=[(row.code, in_words(row.labels)) for row in references(session, "target-group")],
        regions=regions + [(row.code, in_words(row.labels)) for row in _places(session)],
    )


def _places(session: Session) -> list[Any]:
    """The regions but the whole country, which stands first."""
    return [row for row in references(session, "region") if row.code != WHOLE_COUNTRY]
