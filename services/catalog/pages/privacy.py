"""What we keep of people: in words, as the programme adds to it, and as the tables of this service say.

The other services each say the same of their own: the page leads there.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from flask import Blueprint, render_template

from services.catalog.actions.erase_person import STAYS
from services.catalog.queries.page_texts import page_text
from services.catalog.rules.days import day_changed
from services.catalog.tables import metadata
from shared.db.transaction import Database
from shared.i18n import N_
from shared.web.access import verb
from shared.web.app import periods_here
from shared.web.privacy import data_map_lines, what_stays

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "body": N_("the text of a page that names someone"),
        "changes": N_("what changed, also where that names someone"),
        "contact": N_("name, e-mail address and phone number of who answers questions"),
        "content": N_("what the file holds"),
        "email": N_("e-mail address"),
        "helps_with": N_("what someone helps with"),
        "list_deliveries": N_("e-mail addresses that the list goes to"),
        "name": N_("name"),
        "organisation": N_("organisation"),
        "organiser": N_("name, e-mail address and phone number of the organiser"),
        "reason": N_("why something changed"),
        "sessions": N_("names of speakers"),
        "subject": N_("subject of a message"),
        "teller": N_("a mark made from the e-mail address"),
        "text": N_("the text itself"),
        "title": N_("title"),
        "words": N_("what someone thinks of a page"),
    }
)
"""What each column holds, by its name."""


def own_privacy_pages(database: Database) -> Blueprint:
    """``/privacy``."""
    pages = Blueprint("privacy", __name__)

    @pages.get("/privacy")
    @verb("statement.read")
    def privacy() -> str:
        with database.reading() as session:
            text = page_text(session, "privacy")
        lines = data_map_lines(metadata, WORDS, periods_here())
        return render_template(
            "catalog/privacy.html",
            text=text,
            lines=lines,
            stays=what_stays(STAYS, WORDS),
            updated_on=day_changed([text.changed_at]),
        )

    return pages
