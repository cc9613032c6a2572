"""The list of meetings: found by filters and words, and what to ask instead where nothing is found."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from services.catalog import queries
from services.catalog.forms.flaws import shown
from services.catalog.pages.filtering import filter_options
from services.catalog.pages.kept import KeptPages
from services.catalog.pages.meetings import cards_of, published_facts
from services.catalog.pages.remembering import keep_choice, remembered
from services.catalog.pages.subscribing import feed_links
from services.catalog.queries import Part
from services.catalog.queries.counts import count_by_region, count_meetings
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.days import day_changed, home_day
from services.catalog.rules.filters import Filters, looks_back, read_filters
from services.catalog.rules.flaws import FlawedError
from services.catalog.rules.linked_data import events
from services.catalog.rules.meeting import Meeting
from services.catalog.rules.neighbours import near
from services.catalog.rules.references import Reference
from shared.db.transaction import Database
from shared.i18n import N_, current_translator
from shared.i18n import gettext as _
from shared.web.access import verb
from shared.web.policy import scripted

_A_PAGE = 50
_MOST_NEAR = 5
_CALLED: Mapping[str, str] = {
    "region": N_("the region"),
    "targetGroup": N_("the target group"),
    "theme": N_("the theme"),
    "series": N_("the series"),
    "organisation": N_("the organisation"),
    "from": N_("the first day"),
    "until": N_("the last day"),
    "q": N_("the search words"),
}


@dataclass(frozen=True)
class Instead:
    """Something to ask instead of what gave nothing: what it is called, where it is, and how many meetings it gives."""

    label: str
    address: str
    meetings: int


def finding_pages(database: Database, addresses: Addresses, kept: KeptPages) -> Blueprint:
    """``/meetings``."""
    pages = Blueprint("finding", __name__)

    @pages.get("/meetings")
    @verb("page.read")
    @scripted
    @kept
    def meetings() -> ResponseReturnValue:
        asked = request.args.to_dict(flat=False)
        if answer := keep_choice(asked):
            return answer
        with database.reading() as session:
            choice = remembered(session)
            if choice.codes and not request.query_string:
                return redirect(f"/meetings?{choice.query}", 303)
            try:
                filters, errors = read_filters(asked, queries.vocabulary_of(session, asked)), []
            except FlawedError as error:
                filters, errors = Filters(), shown(error.flaws)
            number, now = _page_number(), database.clock()
            today = home_day(now)
            found = [] if errors else _found(session, filters, number, now)
            is_all = number == 1 and len(found) <= _A_PAGE  # else there is enough to choose from, and much to count
            regions, language = queries.references(session, "region"), current_translator().language
            page = render_template(
                "catalog/meetings.html",
                cards=cards_of(session, found[:_A_PAGE], now, filters.of("targetGroup")),
                only_page=len(found) if is_all else None,
                choice=choice,
                linked_data=events(published_facts(session, found[:_A_PAGE]), addresses, language),
                asked=asked,
                errors=errors,
                **filter_options(session, filters, today),
                instead=[] if found or errors else list(_instead(session, filters, regions, now)),
                invited=urlencode([pair for pair in filters.codes if pair[0] in {"region", "targetGroup"}]),
                nearby=list(_nearby(session, filters, regions, now)) if found and is_all else [],
                feed=feed_links(addresses, filters),
                looks_back=looks_back(filters, now),
                past=_address("until", [today.isoformat()], "from"),
                previous_page=_address("page", [str(number - 1)]) if number > 1 else None,
                next_page=_address("page", [str(number + 1)]) if len(found) > _A_PAGE else None,
                updated_on=day_changed(meeting.changed_at for meeting in found[:_A_PAGE]),
            )
        return (page, 400) if errors else page

    return pages


def _found(session: Session, filters: Filters, number: int, now: datetime) -> list[Meeting]:
    """One page, and one more to know whether there is another: what comes first, or what was held last."""
    part = Part(_A_PAGE + 1, (number - 1) * _A_PAGE)
    find = queries.newest_meetings if looks_back(filters, now) else queries.meetings
    return find(session, filters, part, *_conditions(filters, now))


def _conditions(filters: Filters, now: datetime) -> list[ColumnElement[bool]]:
    """Who names no first day means what is to come, unless the last day is over."""
    is_open = filters.from_at or looks_back(filters, now)
    return [queries.listed()] if is_open else [queries.listed(), queries.ends_after(now)]


def _instead(session: Session, filters: Filters, regions: Sequence[Reference], now: datetime) -> Iterator[Instead]:
    """What gives something: the same without one of the filters, and the same in regions nearby."""
    for name in filters.used:
        looser = filters.without(name)
        meetings = count_meetings(session, looser, *_conditions(looser, now))
        if meetings:
            yield Instead(_("without %(filter)s", filter=_(_CALLED[name])), _address(name, []), meetings)
    yield from _nearby(session, filters, regions, now)


def _nearby(session: Session, filters: Filters, regions: Sequence[Reference], now: datetime) -> Iterator[Instead]:
    """The same in regions beside those that are asked for."""
    beside = near(filters.of("region"), regions)
    counts = count_by_region(session, filters, beside, *_conditions(filters, now)) if beside else {}
    labels = {region.code: region.labels for region in regions}
    language = current_translator().language
    for code in [code for code in beside if code in counts][:_MOST_NEAR]:
        label = labels[code].get(language) or next(iter(labels[code].values()))
        yield Instead(_("in %(region)s, nearby", region=label), _address("region", [code]), counts[code])


def _page_number() -> int:
    given = request.args.get("page", "1")
    return int(given) if given.isdecimal() and given.isascii() and 0 < len(given) < 7 and int(given) else 1  # noqa: PLR2004  # a million pages


def _address(name: str, values: Sequence[str], *without: str) -> str:
    """This list with ``values`` for one name and ``without`` some others, from its first page."""
    dropped, given = {name, "page", *without}, request.args.items(multi=True)
    kept = [(each, value) for each, value in given if each not in dropped and value]
    query = urlencode([*kept, *((name, value) for value in values)])
    return f"/meetings?{query}" if query else "/meetings"
