"""Where editors look at stories before everyone may read them."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.catalog import queries
from services.catalog.actions.judge_story import edit_story, publish_story, refuse_story, remove_story
from services.catalog.forms.stories import RefusalForm, StoryEditForm, edited_in
from services.catalog.pages.organise.knowledge import SOMEONE_ELSE
from services.catalog.pages.stories import story_choices, story_words
from services.catalog.queries import Part
from services.catalog.queries.stories import lock_story, stories_by_status, story_by_id
from services.catalog.rules.stories import Story
from shared.db.audit import note
from shared.db.transaction import Database, Transaction
from shared.i18n import gettext as _
from shared.people.pseudonyms import Pseudonyms
from shared.web.access import current_actor, verb
from shared.web.forms import Form, filled, read_form
from shared.web.problems import Problem

Page = tuple[str, int] | Response
Act = Callable[[Transaction, Story], object]

_MOST_LISTED = 200


def organise_story_pages(database: Database, pseudonyms: Pseudonyms) -> Blueprint:
    """The pages under ``/organise/stories``."""
    pages = Blueprint("organise_stories", __name__, url_prefix="/organise/stories")

    @pages.get("")
    @verb("programme.change")
    def queue() -> str:
        with database.reading() as session:
            return render_template(
                "catalog/organise_stories.html",
                told=stories_by_status(session, "told", Part(_MOST_LISTED)),
                published=stories_by_status(session, "published", Part(_MOST_LISTED)),
                refused=stories_by_status(session, "refused", Part(_MOST_LISTED)),
                done=request.args.get("done"),
            )

    @pages.get("/<story_id>")
    @verb("programme.change")
    def look(story_id: str) -> Page:
        return _page(database, story_id), 200

    @pages.post("/<story_id>")
    @verb("programme.change")
    def edit(story_id: str) -> Page:
        return _edit(database, story_id)

    @pages.post("/<story_id>/refusal")
    @verb("programme.change")
    def refuse(story_id: str) -> Page:
        form = read_form(RefusalForm())
        if form.loaded is None:
            return _page(database, story_id, refusing=form), 400
        reason = form.loaded["reason"]
        act(story_id, "refusal", lambda tx, story: refuse_story(tx, story, reason))
        return redirect(url_for("organise_stories.queue", done="refused"), 303)

    @pages.post("/<story_id>/<any(publication, removal):what>")
    @verb("programme.change")
    def judge(story_id: str, what: str) -> Page:
        if what == "publication":
            act(story_id, what, lambda tx, story: publish_story(tx, story, pseudonyms))
            return redirect(url_for("organise_stories.look", story_id=story_id, done="published"), 303)
        act(story_id, what, lambda tx, story: remove_story(tx, story.id))
        return redirect(url_for("organise_stories.queue", done="removed"), 303)

    def act(story_id: str, what: str, does: Act) -> None:
        """Let it happen to the story under its lock. Raises ``Problem`` 404."""
        with database.begin() as tx:
            does(tx, _known(lock_story(tx.session, story_id)))
            note(tx, "story.judged", by=current_actor().id or "", thing=story_id, facts={"act": what})

    return pages


def _edit(database: Database, story_id: str) -> Page:
    """Keep what an editor made of it, or show how that reads; refused where someone else changed it meanwhile."""
    with database.reading() as session:
        before = _known(story_by_id(session, story_id))
        known = story_choices(session, database.clock(), before.theme, before.region)
    form = read_form(StoryEditForm(dict(known["theme_choices"]), dict(known["region_choices"])))
    if "preview" in request.form:
        return _page(database, story_id, Form(form.typed)), 200
    if form.loaded is None:
        return _page(database, story_id, form), 400
    details = edited_in(form.loaded)
    with database.begin() as tx:
        story = _known(lock_story(tx.session, story_id))
        is_stale = request.form.get("version") != story.changed_at.isoformat()
        if not is_stale:
            edit_story(tx, story, details)
    if is_stale:
        form.refuse("", _(SOMEONE_ELSE))
        return _page(database, story_id, form), 409
    return redirect(url_for("organise_stories.look", story_id=story_id, done="saved"), 303)


def _page(database: Database, story_id: str, form: Form | None = None, refusing: Form | None = None) -> str:
    """The page of one story; ``form`` and ``refusing`` are what was typed and not kept."""
    with database.reading() as session:
        story = _known(story_by_id(session, story_id))
        return render_template(
            "catalog/organise_story.html",
            **story_words(session),
            **story_choices(session, database.clock(), story.theme, story.region),
            story=story,
            form=form or _filled(story),
            refusing=refusing or Form(),
            meeting=queries.meeting_by_id(session, story.meeting_id) if story.meeting_id else None,
            is_preview="preview" in request.form,
            done=request.args.get("done"),
        )


def _known(story: Story | None) -> Story:
    if story is None:
        raise Problem(404, "story-unknown")
    return story


def _filled(story: Story) -> Form:
    names = ("kind", "title", "text", "theme", "region", "organisation")
    return filled({name: getattr(story, name) for name in names})
