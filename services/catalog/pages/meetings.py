"""What everyone sees: the list of meetings, one meeting."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from services.catalog import queries
from services.catalog.forms.flaws import shown
from services.catalog.queries import Part
from services.catalog.queries.knowledge import items_of_meeting
from services.catalog.queries.published import moved_from
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.days import home_day
from services.catalog.rules.filters import Filters, looks_back, read_filters
from services.catalog.rules.flaws import FlawedError
from services.catalog.rules.linked_data import Published, event, events
from services.catalog.rules.meeting import Meeting, in_language
from services.catalog.rules.reach import may_see
from shared.calendar.fetched import subscriptions
from shared.db.transaction import Database
from shared.events.catalog import Label
from shared.i18n import _, current_translator
from shared.people.placeholders import filled_in
from shared.web.access import current_actor, verb
from shared.web.problems import Problem

_A_PAGE = 50


def meeting_pages(database: Database, addresses: Addresses) -> Blueprint:
    """``/meetings`` and ``/meetings/{slug}``."""
    pages = Blueprint("meetings_pages", __name__)

    @pages.app_template_filter("words")
    def words(texts: Mapping[str, str]) -> str:
        return in_language(texts, current_translator().language)

    @pages.get("/meetings")
    @verb("page.read")
    def meetings() -> tuple[str, int]:
        asked = request.args.to_dict(flat=False)
        with database.reading() as session:
            try:
                filters, errors = read_filters(asked, queries.vocabulary(session)), []
            except FlawedError as error:
                filters, errors = Filters(), shown(error.flaws)
            number, now = _page_number(), database.clock()
            part = Part(_A_PAGE + 1, (number - 1) * _A_PAGE)
            found = [] if errors else _listed(session, filters, part, now)
            published = published_facts(session, found[:_A_PAGE])
            page = render_template(
                "catalog/meetings.html",
                cards=cards_of(session, found[:_A_PAGE]),
                linked_data=events(published, addresses, current_translator().language),
                asked=asked,
                errors=errors,
                regions=queries.references(session, "region"),
                target_groups=queries.references(session, "target-group"),
                themes=queries.references(session, "theme"),
                looks_back=looks_back(filters, now),
                past=_past(now),
                feed=_feed(addresses, filters),
                next_page=_next_page(number) if len(found) > _A_PAGE else None,
            )
        return page, 400 if errors else 200

    @pages.get("/meetings/<slug>")
    @verb("page.read")
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


def _listed(session: Session, filters: Filters, part: Part, now: datetime) -> list[Meeting]:
    """The meetings that the list shows: those to come, or what there was, the newest first."""
    if looks_back(filters, now):
        return queries.newest_meetings(session, filters, part, queries.listed())
    to_come = [] if filters.from_at else [queries.ends_after(now)]
    return queries.meetings(session, filters, part, queries.listed(), *to_come)


def _past(now: datetime) -> str:
    """The list of all that there was until today, with the filters that are chosen now."""
    query = [(name, value) for name, value in request.args.items(multi=True) if name not in {"page", "from", "until"}]
    return f"/meetings?{urlencode([*query, ('until', home_day(now).isoformat())])}"


def shown_meeting(session: Session, meeting: Meeting, now: datetime) -> dict[str, Any]:
    """What the page of a meeting shows at ``now`` (aware)."""
    return {
        "meeting": meeting,
        "words": queries.words_of(session, meeting),
        "seats": queries.shown_seats(session, [meeting.id]).get(meeting.id),
        "urgent": _urgent(session, meeting, now),
        "is_coming": meeting.status == "published" and meeting.starts_at > now,
        "knowledge": items_of_meeting(session, meeting.id),
    }


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


def cards_of(session: Session, found: list[Meeting]) -> list[dict[str, Any]]:
    """What the list shows of each meeting."""
    seats = queries.shown_seats(session, [meeting.id for meeting in found])
    labels = {kind: _labels(session, kind) for kind in ("region", "target-group")}
    return [
        {
            "meeting": meeting,
            "seats": seats.get(meeting.id),
            "regions": [labels["region"][code] for code in meeting.regions],
            "target_groups": [labels["target-group"][code] for code in meeting.target_groups],
        }
        for meeting in found
    ]


def _labels(session: Session, kind: str) -> dict[str, Label]:
    return {word.code: Label(code=word.code, labels=word.labels) for word in queries.references(session, kind)}


def _feed(addresses: Addresses, filters: Filters) -> dict[str, str]:
    """The feed with the same filters: to copy, to open, and for Google and Outlook.com (calendar rule 26)."""
    language = current_translator().language
    query = urlencode([*filters.codes, *([] if language == "nl" else [("lang", language)])])
    return subscriptions(addresses.feed(query))


def _page_number() -> int:
    given = request.args.get("page", "1")
    return int(given) if given.isdecimal() and given.isascii() and 0 < len(given) < 7 and int(given) else 1  # noqa: PLR2004  # a million pages


def _next_page(number: int) -> str:
    query = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
    return f"/meetings?{urlencode([*query, ('page', number + 1)])}"
