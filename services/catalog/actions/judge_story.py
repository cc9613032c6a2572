"""An editor works on a story: corrects it, publishes it, refuses it or takes it away again."""

from dataclasses import asdict, replace

from sqlalchemy import delete

from services.catalog import tables
from services.catalog.actions.keep_searchable import keep_searchable
from services.catalog.actions.raise_pages import raise_pages
from services.catalog.actions.tell_story import FORGET
from services.catalog.queries.stories import STORY, lock_story, story_slugs
from services.catalog.rules.meeting import in_language
from services.catalog.rules.slug import slug_of
from services.catalog.rules.stories import REFUSED_KEPT, Story, StoryDetails, texts_of
from shared.db.due import plan, plan_no_more
from shared.db.transaction import Transaction
from shared.people.pseudonyms import Pseudonyms


def edit_story(tx: Transaction, story: Story, details: StoryDetails) -> Story:
    """Let ``story``, read under its lock, say ``details``; a published one says so from now on."""
    return _keep(tx, replace(story, **vars(details)))


def publish_story(tx: Transaction, story: Story, pseudonyms: Pseudonyms) -> Story:
    """Let everyone read ``story``, read under its lock; twice is once.

    The address of who told it is forgotten, and the name too unless it may be published; a keyed hash takes its place.
    """
    if story.status == "published":
        return story
    plan_no_more(tx, FORGET, story.id)
    published = replace(
        story,
        status="published",
        slug=story.slug or slug_of(in_language(story.title, "nl"), story_slugs(tx.session)),
        name=story.name if story.named else "",
        email="",
        teller=pseudonyms.of(story.email) if story.email else story.teller,
        refused_because="",
        published_at=tx.now,
    )
    return _keep(tx, published)


def refuse_story(tx: Transaction, story: Story, reason: str) -> Story:
    """Do not publish ``story``, read under its lock: who told it is forgotten now, the story itself a month later."""
    plan(tx, FORGET, story.id, tx.now + REFUSED_KEPT)
    return _keep(
        tx, replace(story, status="refused", refused_because=reason, name="", email="", teller=None, named=False)
    )


def remove_story(tx: Transaction, story_id: str) -> None:
    """Forget a story altogether: at the wish of who told it, or as due work. Unknown: nothing happens."""
    if lock_story(tx.session, story_id):
        plan_no_more(tx, FORGET, story_id)
        tx.session.execute(delete(tables.story).where(tables.story.c.id == story_id))
        keep_searchable(tx, STORY, {story_id: []})
        raise_pages(tx)


def _keep(tx: Transaction, story: Story) -> Story:
    kept = replace(story, changed_at=tx.now)
    tx.upsert(tables.story, [{**asdict(kept), "title": dict(kept.title), "text": dict(kept.text)}])
    keep_searchable(tx, STORY, {kept.id: texts_of(kept)})
    raise_pages(tx)
    return kept
