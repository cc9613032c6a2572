"""How to subscribe to meetings, per calendar program, with links for the chosen filters (calendar rule 26)."""

from urllib.parse import urlencode

from flask import Blueprint, current_app, render_template, request

from services.catalog import queries
from services.catalog.forms.flaws import shown
from services.catalog.pages.filtering import filter_options
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.days import home_day
from services.catalog.rules.filters import Filters, read_codes
from services.catalog.rules.flaws import FlawedError
from shared.calendar.fetched import subscriptions
from shared.db.transaction import Database
from shared.i18n import current_translator
from shared.release import RELEASED_ON
from shared.web.access import verb
from shared.web.app import settings_of


def subscribing_pages(database: Database, addresses: Addresses) -> Blueprint:
    """``/calendar`` with the filters of a feed."""
    pages = Blueprint("subscribing", __name__)

    @pages.get("/calendar")
    @verb("page.read")
    def subscribe() -> tuple[str, int]:
        asked, today = request.args.to_dict(flat=False), home_day(database.clock())
        with database.reading() as session:
            try:
                filters, errors = read_codes(asked, queries.vocabulary_of(session, asked)), []
            except FlawedError as error:
                filters, errors = Filters(), shown(error.flaws)
            page = render_template(
                "catalog/subscribe.html",
                asked=asked,
                errors=errors,
                **filter_options(session, filters, today),
                feed=feed_links(addresses, filters),
                updated_on=RELEASED_ON,
            )
        return page, 400 if errors else 200

    return pages


def feed_links(addresses: Addresses, filters: Filters) -> dict[str, str]:
    """The feeds with the codes of ``filters`` in the reader's language: as a calendar, by program, and as news.

    ``page`` is where it is explained how to subscribe to them, ``list`` the list of the same meetings.
    """
    language = current_translator().language
    query = urlencode([*filters.codes, *([] if language == "nl" else [("lang", language)])])
    chosen = f"?{filters.query}" if filters.query else ""
    by_program = subscriptions(addresses.feed(query), settings_of(current_app).site_name)
    return {**by_program, "atom": addresses.atom(query), "page": f"/calendar{chosen}", "list": f"/meetings{chosen}"}
