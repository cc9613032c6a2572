"""A story as news readers show it."""

from html import escape

from services.catalog.rules.atom import Entry, Link
from services.catalog.rules.meeting import in_language
from services.catalog.rules.stories import Story
from shared.i18n import Language


def story_news(story: Story, page: str, language: Language) -> Entry:
    """The Atom entry of a published ``story``, which stands on ``page``, in ``language``."""
    text = in_language(story.text, language)
    paragraphs = [part for part in text.split("\n\n") if part.strip()]
    return Entry(
        id=f"urn:uuid:{story.id}",
        title=in_language(story.title, language),
        updated_at=story.changed_at,
        published_at=story.published_at,
        author=story.by,
        summary="",
        html="".join(f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in paragraphs),
        links=(Link(f"{page}?lang={language}"),),
    )
