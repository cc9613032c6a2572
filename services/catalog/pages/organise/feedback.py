"""What visitors think of the pages, over time and in their own words; and who may be approached for research."""

from flask import Blueprint, Response, render_template, request

from services.catalog.pages.feedback import RESEARCH
from services.catalog.queries.feedback import (
    count_contacts,
    opinions_per_day,
    opinions_per_page,
    research_contacts,
    words_about,
)
from services.catalog.rules.feedback import by_month, is_page
from shared.cells import CSV_TYPE, csv_file
from shared.db.transaction import Database
from shared.i18n import current_translator
from shared.people.links import Links
from shared.people.roles import may
from shared.web.access import current_actor, verb
from shared.web.problems import Problem
from shared.web.record import on_record

_MOST_PAGES, _MOST_WORDS = 500, 200


def organise_feedback_pages(database: Database, links: Links, base_url: str) -> Blueprint:
    """``/organise/feedback``, ``/organise/feedback/page`` and ``/organise/feedback/research.csv``."""
    pages = Blueprint("organise_feedback", __name__, url_prefix="/organise/feedback")

    @pages.get("")
    @verb("feedback.read")
    def overview() -> str:
        with database.reading() as session:
            return render_template(
                "catalog/organise_feedback.html",
                opinions=opinions_per_page(session, _MOST_PAGES),
                contacts=count_contacts(session) if may(current_actor(), "research.read") else None,
            )

    @pages.get("/page")
    @verb("feedback.read")
    def one() -> str:
        page = request.args.get("page", "")
        if not is_page(page):
            raise Problem(404)
        with database.reading() as session:
            return render_template(
                "catalog/organise_feedback_page.html",
                page=page,
                months=by_month(opinions_per_day(session, page)),
                words=words_about(session, page, _MOST_WORDS),
            )

    @pages.get("/research.csv")
    @on_record("research.read")
    @verb("research.read")
    def research() -> Response:
        """Who may be approached, each with the link to withdraw that has to stand in what is sent to them."""
        with database.reading() as session:
            rows = [
                (
                    row.email,
                    row.language,
                    row.ends_on.isoformat(),
                    f"{base_url}/feedback/research/{links.sign(RESEARCH, row.id)}",
                )
                for row in research_contacts(session)
            ]
        content = csv_file(("email", "language", "endsOn", "withdraw"), rows, current_translator().language)
        headers = {"Content-Disposition": 'attachment; filename="research.csv"', "Cache-Control": "no-store"}
        return Response(content, content_type=CSV_TYPE, headers=headers)

    return pages
