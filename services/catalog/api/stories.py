"""Published stories for programs."""

from typing import Any

from flask.views import MethodView

from services.catalog import queries
from services.catalog.forms.flaws import as_problems
from services.catalog.forms.stories import StoryAnswer, StoryQuery
from services.catalog.queries import Part
from services.catalog.queries.stories import StoryFilter, published_stories, story_by_slug
from services.catalog.rules.filters import unknown_codes
from services.catalog.rules.flaws import FlawedError
from shared.db.transaction import Database
from shared.i18n import N_
from shared.web.access import verb
from shared.web.api import Blueprint, page_of, paged
from shared.web.problems import Problem
from shared.web.reading import read_query


def stories_api(database: Database) -> Blueprint:
    """``/v1/stories`` and ``/v1/stories/{slug}``."""
    api = Blueprint("stories_api", __name__, url_prefix="/v1/stories", description=N_("What people tell"))

    @api.route("")
    class Stories(MethodView):
        @verb("reference.read")
        @api.asks(StoryQuery)
        @api.response(200, StoryAnswer(many=True))
        def get(self) -> Any:
            """List the published stories, the newest first."""
            query = read_query(StoryQuery())
            page = page_of(query)
            asked = StoryFilter(query["kind"] or "", query["theme"], query["region"], words=query["q"])
            with database.reading() as session:
                codes = [(name, query[name]) for name in ("theme", "region") if query[name]]
                with as_problems():
                    flaws = list(unknown_codes(codes, queries.vocabulary(session)))
                    if flaws:
                        raise FlawedError(flaws)
                rows, headers = paged(published_stories(session, asked, Part(page.size + 1, page.offset)), page)
            return rows, 200, headers

    @api.route("/<slug>")
    class One(MethodView):
        @verb("reference.read")
        @api.refuses("story-unknown")
        @api.response(200, StoryAnswer)
        def get(self, slug: str) -> Any:
            """Give one published story."""
            with database.reading() as session:
                story = story_by_slug(session, slug)
            if story is None:
                raise Problem(404, "story-unknown")
            return story

    return api
