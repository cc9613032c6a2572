"""What the programme is: the start page and the page about it."""

from flask import Blueprint, render_template

from services.catalog import queries
from services.catalog.pages.meetings import cards_of
from services.catalog.queries import Part
from services.catalog.queries.knowledge import published_items
from services.catalog.queries.page_texts import page_text
from services.catalog.rules.filters import Filters
from services.catalog.rules.knowledge_filters import KnowledgeFilters
from shared.db.transaction import Database
from shared.web.access import verb

_FIRST_FEW = 5


def start_pages(database: Database) -> Blueprint:
    """``/`` and ``/about``."""
    pages = Blueprint("start", __name__)

    @pages.get("/")
    @verb("page.read")
    def start() -> str:
        with database.reading() as session:
            coming = (queries.listed(), queries.ends_after(database.clock()), queries.in_state("published"))
            found = queries.meetings(session, Filters(), Part(_FIRST_FEW), *coming)
            return render_template(
                "catalog/start.html",
                text=page_text(session, "start"),
                cards=cards_of(session, found),
                items=published_items(session, KnowledgeFilters(), Part(_FIRST_FEW)),
            )

    @pages.get("/about")
    @verb("page.read")
    def about() -> str:
        with database.reading() as session:
            return render_template("catalog/about.html", text=page_text(session, "about"))

    return pages
