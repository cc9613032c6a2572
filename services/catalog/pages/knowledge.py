"""What was gathered about the themes: the list, one piece of it, and who helps with what."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from services.catalog import queries
from services.catalog.forms.flaws import shown
from services.catalog.forms.markdown import rendered
from services.catalog.queries import Part
from services.catalog.queries.experts import experts, hours_of
from services.catalog.queries.files import files_of
from services.catalog.queries.knowledge import item_by_slug, meetings_called, published_items, titles_of_meetings
from services.catalog.queries.words import offered
from services.catalog.rules.days import day_changed, home_day
from services.catalog.rules.flaws import FlawedError
from services.catalog.rules.knowledge import KINDS, Item, is_past, language_shown
from services.catalog.rules.knowledge_filters import KnowledgeFilters, read_knowledge_filters
from shared.db.transaction import Database
from shared.i18n import current_translator
from shared.people.roles import may
from shared.web.access import current_actor, verb
from shared.web.problems import Problem

_A_PAGE = 50


def knowledge_pages(database: Database) -> Blueprint:
    """``/knowledge``, ``/knowledge/experts`` and ``/knowledge/{slug}``."""
    pages = Blueprint("knowledge_pages", __name__, url_prefix="/knowledge")
    pages.add_app_template_filter(rendered, "markdown")

    @pages.app_template_filter("language_shown")
    def language_of(texts: Mapping[str, str]) -> str:
        return language_shown(texts, current_translator().language)

    @pages.app_template_global("is_past")
    def is_over(item: Item) -> bool:
        return is_past(item, home_day(database.clock()))

    @pages.get("")
    @verb("knowledge.read")
    def overview() -> tuple[str, int]:
        with database.reading() as session:
            try:
                filters, errors = _filters(session), []
            except FlawedError as error:
                filters, errors = KnowledgeFilters(), shown(error.flaws)
            number = page_number()
            part = Part(_A_PAGE + 1, (number - 1) * _A_PAGE)
            found = [] if errors else published_items(session, filters, part)
            page = render_template(
                "catalog/knowledge.html",
                items=found[:_A_PAGE],
                kinds=KINDS,
                themes=offered(session, "theme", home_day(database.clock()), filters.themes),
                asked=request.args.to_dict(flat=False),
                errors=errors,
                previous_page=page_address(number - 1) if number > 1 else None,
                next_page=page_address(number + 1) if len(found) > _A_PAGE else None,
                updated_on=day_changed(item.changed_at for item in found[:_A_PAGE]),
            )
        return page, 400 if errors else 200

    @pages.get("/experts")
    @verb("knowledge.read")
    def who_helps() -> tuple[str, int]:
        themes = [code for code in request.args.getlist("theme") if code]
        with database.reading() as session:
            words = queries.references(session, "theme")
            is_known = set(themes) <= {word.code for word in words}
            offers = offered(session, "theme", home_day(database.clock()), themes)
            found = experts(session, themes) if is_known else []
            hours = hours_of(session, found, database.clock())
        page = render_template(
            "catalog/experts.html",
            experts=found,
            hours=hours,
            themes=words,
            offers=offers,
            chosen=themes,
            is_known=is_known,
            updated_on=day_changed(expert.changed_at for expert in found),
        )
        return page, 200 if is_known else 400

    @pages.get("/<slug>")
    @verb("knowledge.read")
    def one(slug: str) -> str:
        with database.reading() as session:
            item = item_by_slug(session, slug)
            if item is None or (item.is_draft and not may(current_actor(), "programme.read")):
                raise Problem(404, "knowledge-unknown")
            found, files = titles_of_meetings(session, item.meetings), files_of(session, "knowledge", item.id)
            return render_template(
                "catalog/knowledge_item.html",
                item=item,
                themes=queries.labels(session, "theme", item.themes),
                files=files,
                meetings=[found[meeting_id] for meeting_id in item.meetings if meeting_id in found],
                may_change=may(current_actor(), "programme.change"),
                updated_on=day_changed([item.changed_at], (file.added_at for file in files)),
            )

    return pages


def page_number() -> int:
    """Which page of a list is asked for, from 1 on; what is no number asks for the first."""
    given = request.args.get("page", "1")
    return int(given) if given.isdecimal() and given.isascii() and 0 < len(given) < 7 and int(given) else 1  # noqa: PLR2004  # a million pages


def page_address(number: int) -> str:
    """This list with the same filters, at another page."""
    query = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
    return f"{request.path}?{urlencode([*query, ('page', number)])}"


def _filters(session: Session) -> KnowledgeFilters:
    asked: Mapping[str, Sequence[str]] = request.args.to_dict(flat=False)
    named = meetings_called(session, asked.get("meeting", ()))
    return read_knowledge_filters(asked, queries.vocabulary(session), named)
