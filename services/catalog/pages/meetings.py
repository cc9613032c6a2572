"""What everyone sees of a meeting: its page, and its card in lists."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template
from sqlalchemy.orm import Session

from services.catalog import queries
from services.catalog.pages.kept import KeptPages
from services.catalog.pages.room import role_words, room_text, rooms_of
from services.catalog.queries import Part
from services.catalog.queries.files import files_for
from services.catalog.queries.knowledge import items_of_meeting
from services.catalog.queries.published import moved_from
from services.catalog.queries.stories import StoryFilter, published_stories
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.days import day_changed
from services.catalog.rules.linked_data import Published, event
from services.catalog.rules.meeting import Meeting, in_language
from services.catalog.rules.reach import may_see
from services.catalog.rules.room import is_open
from shared.db.transaction import Database
from shared.events.catalog import Label
from shared.i18n import _, current_translator
from shared.people.placeholders import filled_in
from shared.web.access import current_actor, verb
from shared.web.policy import scripted
from shared.web.problems import Problem

_MOST_STORIES = 10
_MAP = "https://www.openstreetmap.org/search"


def meeting_pages(database: Database, addresses: Addresses, kept: KeptPages) -> Blueprint:
    """``/meetings/{slug}``."""
    pages = Blueprint("meetings_pages", __name__)

    @pages.app_template_filter("words")
    def words(texts: Mapping[str, str]) -> str:
        return in_language(texts, current_translator().language)

    @pages.get("/meetings/<slug>")
    @verb("page.read")
    @scripted
    @kept
    def meeting(slug: str) -> str:
        with database.reading() as session:
            found = queries.meeting_by_slug(session, slug)
            if found is None or not may_see(current_actor(), found):
                raise Problem(404, "meeting-unknown")
            (published,) = published_facts(session, [found])
            return render_template(
                "catalog/meeting.html",
                **shown_meeting(session, found, database.clock()),
                page=addresses.meeting(slug),
                linked_data=event(published, addresses, current_translator().language),
            )

    return pages


def shown_meeting(session: Session, meeting: Meeting, now: datetime) -> dict[str, Any]:
    """What the page of a meeting shows at ``now`` (aware)."""
    found = rooms_of(session, [meeting], (), now)[meeting.id]
    is_coming, roles = meeting.status == "published" and meeting.starts_at > now, role_words(session)
    knowledge = items_of_meeting(session, meeting.id)
    stories = published_stories(session, StoryFilter(meeting_id=meeting.id), Part(_MOST_STORIES))
    files = files_for(session, meeting, {"all"}, now)
    return {
        "meeting": meeting,
        "words": queries.words_of(session, meeting),
        "room": found,
        "room_text": room_text(meeting, found, roles),
        "can_sign_up": is_coming and (found is None or is_open(found)),
        "urgent": _urgent(session, meeting, now),
        "is_coming": is_coming,
        "map": _map_of(meeting),
        "role_words": roles,
        "knowledge": knowledge,
        "stories": stories,
        "files": files,
        "updated_on": day_changed(
            [meeting.changed_at],
            (item.changed_at for item in knowledge),
            (story.changed_at for story in stories),
            (file.added_at for file in files),
        ),
    }


def _map_of(meeting: Meeting) -> str | None:
    """Where the map shows the place of a meeting; None where there is no place to go to."""
    venue = meeting.venue
    if venue is None or not venue.city or meeting.attendance_mode == "online":
        return None
    place = ", ".join(part for part in (venue.address, f"{venue.postal_code} {venue.city}".strip()) if part)
    return f"{_MAP}?{urlencode({'query': place})}"


def _urgent(session: Session, meeting: Meeting, now: datetime) -> list[dict[str, str]]:
    """What organisers have to say on the day itself, as anyone may read it."""
    said = {"name": _("participant"), "meeting": in_language(meeting.title, current_translator().language)}
    return [
        {"subject": filled_in(row.subject, **said), "text": filled_in(row.text, **said)}
        for row in queries.urgent_notices(session, meeting.id, now)
    ]


def published_facts(session: Session, found: Sequence[Meeting]) -> list[Published]:
    """The meetings with what programs are told beside them."""
    ids = [meeting.id for meeting in found]
    seats, moved = queries.shown_seats(session, ids), moved_from(session, ids)
    labels = {kind: _labels(session, kind) for kind in ("target-group", "theme")} if found else {}
    return [
        Published(
            meeting=meeting,
            target_groups=[labels["target-group"][code] for code in meeting.target_groups],
            themes=[labels["theme"][code] for code in meeting.themes],
            free=seats[meeting.id]["free"] if meeting.id in seats else None,
            moved_from=moved.get(meeting.id, ()),
        )
        for meeting in found
    ]


def cards_of(session: Session, found: list[Meeting], now: datetime, roles: Sequence[str] = ()) -> list[dict[str, Any]]:
    """What the list shows of each meeting at ``now`` (aware), to who asks for these ``roles`` (codes)."""
    rooms, words = rooms_of(session, found, roles, now), role_words(session)
    labels = {kind: _labels(session, kind) for kind in ("region", "target-group")}
    return [
        {
            "meeting": meeting,
            "room": room_text(meeting, rooms[meeting.id], words),
            "regions": [labels["region"][code] for code in meeting.regions],
            "target_groups": [labels["target-group"][code] for code in meeting.target_groups],
        }
        for meeting in found
    ]


def _labels(session: Session, kind: str) -> dict[str, Label]:
    return {word.code: Label(code=word.code, labels=word.labels) for word in queries.references(session, kind)}
