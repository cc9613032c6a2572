"""What the programme is: the start page and the page about it."""

from flask import Blueprint, render_template

from services.catalog import queries
from services.catalog.pages.filtering import filter_options
from services.catalog.pages.meetings import cards_of
from services.catalog.pages.remembering import remembered
from services.catalog.queries import Part
from services.catalog.queries.knowledge import published_items
from services.catalog.queries.page_texts import page_text
from services.catalog.rules.days import day_changed, home_day
from services.catalog.rules.filters import Filters
from services.catalog.rules.knowledge_filters import KnowledgeFilters
from shared.db.transaction import Database
from shared.release import VERSION
from shared.web.access import verb
from shared.web.policy import scripted

_FIRST_FEW = 6


def start_pages(database: Database) -> Blueprint:
    """``/`` and ``/about``."""
    pages = Blueprint("start", __name__)

    @pages.get("/")
    @verb("page.read")
    @scripted
    def start() -> str:
        with database.reading() as session:
            now, choice = database.clock(), remembered(session)
            coming = (queries.listed(), queries.ends_after(now), queries.in_state("published"))
            chosen = queries.meetings(session, choice, Part(_FIRST_FEW), *coming)
            found = chosen or queries.meetings(session, Filters(), Part(_FIRST_FEW), *coming)
            text, items = page_text(session, "start"), published_items(session, KnowledgeFilters(), Part(_FIRST_FEW))
            return render_template(
                "catalog/start.html",
                text=text,
                cards=cards_of(session, found, now, choice.of("targetGroup")),
                choice=choice,
                is_chosen=bool(choice.codes and chosen),
                **filter_options(session, choice, home_day(now)),
                items=items,
                updated_on=day_changed(
                    [text.changed_at], (item.changed_at for item in items), (meeting.changed_at for meeting in found)
                ),
            )

    @pages.get("/about")
    @verb("page.read")
    def about() -> str:
        with database.reading() as session:
            text = page_text(session, "about")
        return render_template(
            "catalog/about.html", text=text, version=VERSION, updated_on=day_changed([text.changed_at])
        )

    return pages
