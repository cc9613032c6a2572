"""What organisers see first: the meetings they work on, and behind them those that are over."""

from flask import Blueprint, render_template, request
from sqlalchemy import not_

from services.catalog import queries
from services.catalog.pages.organise.paging import page_number
from services.catalog.queries import Part
from services.catalog.rules.filters import Filters
from shared.db.transaction import Database
from shared.people.roles import may
from shared.web.access import current_actor, verb

_A_PAGE = 100


def overview_pages(database: Database) -> Blueprint:
    """``/organise/`` and ``/organise/past``."""
    pages = Blueprint("organise_overview", __name__, url_prefix="/organise")

    @pages.get("/")
    @verb("organise.read")
    def at_hand() -> str:
        return _page(is_past=False)

    @pages.get("/past")
    @verb("draft.read")
    def past() -> str:
        return _page(is_past=True)

    def _page(*, is_past: bool) -> str:
        number, at_hand = page_number(), queries.is_at_hand(database.clock())
        mine, part = queries.organised_by(current_actor()), Part(_A_PAGE + 1, (number - 1) * _A_PAGE)
        with database.reading() as session:
            if not may(current_actor(), "draft.read"):
                found = []
            elif is_past:
                found = queries.newest_meetings(session, Filters(), part, mine, not_(at_hand))
            else:
                found = queries.meetings(session, Filters(), part, mine, at_hand)
            seats = queries.shown_seats(session, [meeting.id for meeting in found])
        return render_template(
            "catalog/organise.html",
            meetings=found[:_A_PAGE],
            seats=seats,
            now=database.clock(),
            is_past=is_past,
            next_page=number + 1 if len(found) > _A_PAGE else None,
            done=request.args.get("done"),
        )

    return pages
