"""Somebody tells a story: it waits for an editor, and no one else sees it."""

from services.catalog import queries, tables
from services.catalog.rules.stories import TIME_TO_JUDGE, StoryDetails, Teller
from shared.db.due import plan
from shared.db.transaction import Transaction

FORGET = "forget-story"


def tell_story(
    tx: Transaction, story_id: str, told: StoryDetails, teller: Teller, meeting_id: str | None = None
) -> None:
    """Keep what was told under ``story_id``; a second time with the same id changes nothing.

    A story about a meeting that says no region or theme has the first of the meeting's.
    """
    meeting = queries.meeting_by_id(tx.session, meeting_id) if meeting_id else None
    theme = told.theme or next(iter(meeting.themes if meeting else ()), None)
    region = told.region or next(iter(meeting.regions if meeting else ()), None)
    row = {
        **vars(told),
        **vars(teller),
        "id": story_id,
        "slug": None,
        "status": "told",
        "theme": theme,
        "region": region,
        "title": dict(told.title),
        "text": dict(told.text),
        "meeting_id": meeting.id if meeting else None,
        "teller": None,
        "refused_because": "",
        "told_at": tx.now,
        "published_at": None,
        "changed_at": tx.now,
    }
    tx.upsert(tables.story, [row], changes=[])
    plan(tx, FORGET, story_id, tx.now + TIME_TO_JUDGE)
