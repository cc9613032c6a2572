"""Where editors see which links to other sites need a look."""

from flask import Blueprint, render_template

from services.catalog.forms.links import mentions
from services.catalog.queries.links import checked_links
from services.catalog.rules.links import FAULTS
from shared.db.transaction import Database
from shared.i18n import gettext as _
from shared.web.access import verb
from shared.web.fetching import REASONS


def organise_link_pages(database: Database) -> Blueprint:
    """``/organise/links``."""
    pages = Blueprint("organise_links", __name__, url_prefix="/organise/links")

    @pages.app_template_global("fault_words")
    def words(fault: str) -> str:
        return _({**FAULTS, **REASONS}[fault])

    @pages.get("")
    @verb("programme.change")
    def overview() -> str:
        with database.reading() as session:
            places = mentions(session)
            checked = checked_links(session, list(places))
        urls = sorted(places, key=lambda url: (_order(checked[url].fault) if url in checked else 1, url))
        return render_template("catalog/organise_links.html", urls=urls, places=places, checked=checked)

    return pages


def _order(fault: str) -> int:
    """What needs a look comes first, then what nobody looked at yet, then what is good."""
    return 0 if fault else 2
