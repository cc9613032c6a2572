"""What people tell each other: read, followed as a feed, and handed in."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, render_template, request
from sqlalchemy.orm import Session

from services.catalog import queries
from services.catalog.actions.tell_story import tell_story
from services.catalog.forms.stories import StoryForm, told_in
from services.catalog.queries import Part
from services.catalog.queries.stories import StoryFilter, published_stories, story_by_slug
from services.catalog.queries.words import offered
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.atom import Head, Link, around, entry
from services.catalog.rules.days import day_changed, home_day
from services.catalog.rules.meeting import Meeting
from services.catalog.rules.reach import may_see
from services.catalog.rules.references import WHOLE_COUNTRY, Reference
from services.catalog.rules.stories import KINDS, Story
from services.catalog.rules.story_news import story_news
from shared.db.transaction import Database, new_id
from shared.i18n import current_translator, in_words
from shared.i18n import gettext as _
from shared.release import RELEASED_ON
from shared.web.access import current_actor, verb
from shared.web.app import settings_of
from shared.web.forms import Form, filled, read_form
from shared.web.limits import TooMany, allow_post
from shared.web.problems import Problem

_A_PAGE = 20
_IN_FEED = 50
_ATOM = "application/atom+xml; charset=utf-8"
_BEFORE_ANY = datetime(2020, 1, 1, tzinfo=UTC)  # when a feed without entries changed

Page = tuple[str, int]


def story_pages(database: Database, addresses: Addresses) -> Blueprint:
    """``/stories``, ``/stories.atom``, ``/stories/new`` and ``/stories/{slug}``."""
    pages = Blueprint("stories", __name__)

    @pages.get("/stories")
    @verb("page.read")
    def stories() -> str:
        number = min(max(1, request.args.get("page", 1, type=int)), 10_000)
        with database.reading() as session:
            found = published_stories(session, _asked(), Part(_A_PAGE + 1, (number - 1) * _A_PAGE))
            return render_template(
                "catalog/stories.html",
                **story_words(session),
                **story_choices(session, database.clock(), request.args.get("theme"), request.args.get("region")),
                form=Form(request.args.to_dict()),
                stories=found[:_A_PAGE],
                feed=f"/stories.atom?{urlencode(_codes())}".rstrip("?"),
                next_page=_next_page(number) if len(found) > _A_PAGE else None,
                updated_on=day_changed(story.changed_at for story in found[:_A_PAGE]),
            )

    @pages.get("/stories.atom")
    @verb("feed.read")
    def stories_feed() -> Response:
        with database.reading() as session:
            found = published_stories(session, _asked(), Part(_IN_FEED))
        response = Response(_feed(addresses, found), content_type=_ATOM)
        response.headers["Cache-Control"] = "public, max-age=900"
        response.add_etag()
        return response

    @pages.get("/stories/new")
    @verb("page.read")
    def new() -> str:
        with database.reading() as session:
            return form_page(session, filled({"meeting": request.args.get("meeting", "")}))

    @pages.post("/stories/new")
    @verb("story.tell")
    def tell() -> Page:
        with database.reading() as session:
            known = story_choices(session, database.clock())
            form = read_form(StoryForm(dict(known["theme_choices"]), dict(known["region_choices"])))
            meeting = _meeting(session, form)
            if form.loaded is None:
                return form_page(session, form), 400
        if not _is_allowed(form):
            with database.reading() as session:
                return form_page(session, form), 429
        details, teller = told_in(form.loaded, current_translator().language)
        with database.begin() as tx:
            tell_story(tx, new_id(), details, teller, meeting.id if meeting else None)
        return render_template("catalog/story_told.html", updated_on=RELEASED_ON), 201

    @pages.get("/stories/<slug>")
    @verb("page.read")
    def one(slug: str) -> str:
        with database.reading() as session:
            story = story_by_slug(session, slug)
            if story is None:
                raise Problem(404, "story-unknown")
            about = queries.meeting_by_id(session, story.meeting_id) if story.meeting_id else None
            return render_template(
                "catalog/story.html",
                **story_words(session),
                story=story,
                updated_on=home_day(story.changed_at),
                meeting=about if about and may_see(current_actor(), about) else None,
            )

    def form_page(session: Session, form: Form) -> str:
        return render_template(
            "catalog/story_new.html",
            **story_words(session),
            **story_choices(session, database.clock()),
            form=form,
            meeting=_meeting(session, form),
            updated_on=RELEASED_ON,
        )

    return pages


def story_words(session: Session) -> dict[str, Any]:
    """The words for what a story is and is about."""
    return {
        "kinds": {kind: _(name) for kind, name in KINDS.items()},
        "themes": _pairs(queries.references(session, "theme")),
        "regions": _pairs(queries.references(session, "region")),
    }


def story_choices(session: Session, now: datetime, *chosen: str | None) -> dict[str, list[tuple[str, str]]]:
    """What a story can be about when it is told ``now`` (aware), and what was ``chosen`` already."""
    codes, day = [code for code in chosen if code], home_day(now)
    return {
        "theme_choices": _pairs(offered(session, "theme", day, codes)),
        "region_choices": _pairs(offered(session, "region", day, codes)),
    }


def _pairs(words: Sequence[Reference]) -> list[tuple[str, str]]:
    return [(word.code, in_words(word.labels)) for word in words if word.code != WHOLE_COUNTRY]


def _meeting(session: Session, form: Form) -> Meeting | None:
    """The meeting that the form is about; None for none, and for one that the visitor may not know of."""
    found = queries.meeting_by_slug(session, form.value("meeting")) if form.value("meeting") else None
    return found if found and may_see(current_actor(), found) else None


def _is_allowed(form: Form) -> bool:
    """Whether this post is within the limits; if not, the form says so."""
    try:
        allow_post("story", address=form.value("email").strip().lower() or None)
    except TooMany as error:
        form.refuse("", error.detail)
        return False
    return True


def _asked() -> StoryFilter:
    """What the address asks for; a code that nobody knows finds nothing."""
    said = {name: request.args.get(name, "").replace("\0", "")[:200] for name in ("kind", "theme", "region", "q")}
    return StoryFilter(said["kind"], said["theme"], said["region"], words=said["q"])


def _codes() -> list[tuple[str, str]]:
    """The filters by code, as they stand in the address."""
    return [(name, request.args[name]) for name in ("kind", "theme", "region") if request.args.get(name)]


def _feed(addresses: Addresses, found: Sequence[Story]) -> bytes:
    """The stories as an Atom feed, in the language of the request."""
    language = current_translator().language
    query = urlencode([*_codes(), *([] if language == "nl" else [("lang", language)])])
    own = f"{addresses.stories()}.atom{'?' if query else ''}{query}"
    head = Head(
        id=own,
        language=language,
        title=_("Stories"),
        subtitle=_("Small and big steps, and what came of them, told by the people who took them."),
        updated_at=max((each.changed_at for each in found), default=_BEFORE_ANY),
        author=settings_of(current_app).site_name,
        links=(Link(own, "self", "application/atom+xml"), Link(addresses.stories())),
    )
    before, after = around(head)
    entries = [entry(story_news(each, f"{addresses.stories()}/{each.slug}", language)) for each in found]
    return before + b"".join(entries) + after


def _next_page(number: int) -> str:
    query = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
    return f"/stories?{urlencode([*query, ('page', number + 1)])}"
