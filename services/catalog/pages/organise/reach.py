"""Reach as organisers see it: exact, per target group too, and who never took part, to be invited."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from services.catalog import queries
from services.catalog.forms.reach import ReachForm, filter_in
from services.catalog.pages.reach import reach_words
from services.catalog.queries import Part
from services.catalog.queries.reached import ReachFacts, reach_facts
from services.catalog.rules.days import home_day
from services.catalog.rules.filters import Filters
from services.catalog.rules.meeting import Meeting
from services.catalog.rules.reach import reached
from services.catalog.rules.reached import Attended, ReachFilter
from services.catalog.rules.references import Reference
from shared.db.transaction import Database
from shared.i18n import in_words
from shared.web.access import current_actor, verb
from shared.web.forms import Form, read_question
from shared.web.problems import Problem

_MOST_INVITED = 100
"""Of so many organisations at once subscribers can be invited: their names and mail domains go along in an address."""

_MOST_MEETINGS = 200


def organise_reach_pages(database: Database) -> Blueprint:
    """``/organise/reach`` and ``/organise/reach/invitation``."""
    pages = Blueprint("organise_reach", __name__, url_prefix="/organise/reach")

    @pages.get("")
    @verb("reach.read")
    def reach() -> tuple[str, int]:
        form = read_question(ReachForm())
        with database.reading() as session:
            facts = reach_facts(session, home_day(database.clock()))
            asked = filter_in(form.loaded or {})
            found = facts.presences(asked)
            page = render_template(
                "catalog/organise_reach.html",
                **reach_words(session, form, facts),
                presences=[each for each in found if each.registered],
                absent=[each.organisation for each in found if not each.years],
                per_group=_per_group(facts, asked),
                meetings=_open_meetings(session, database),
                most=_MOST_INVITED,
            )
        return page, 400 if form.errors else 200

    @pages.get("/invitation")
    @verb("reach.read")
    def invitation() -> Response:
        """To the form of notifications, filled in with the organisations that never took part."""
        form = read_question(ReachForm())
        with database.reading() as session:
            meeting = queries.meeting_by_id(session, request.args.get("meeting", ""))
            if meeting is None or form.loaded is None:
                raise Problem(404, "meeting-unknown")
            asked = filter_in(form.loaded)
            found = reach_facts(session, home_day(database.clock())).presences(asked)
        absent = [each.organisation for each in found if not each.years]
        if len(absent) > _MOST_INVITED:
            return redirect(url_for("organise_reach.reach", **_as_asked(form)), 303)
        return redirect(f"/notifications/campaigns/{meeting.id}?{_filled_in(absent, asked)}", 303)

    return pages


def _per_group(facts: ReachFacts, asked: ReachFilter) -> list[tuple[str, int, int, int]]:
    """Per target group how many had a seat, came and did not come, of the organisations that are asked for."""
    codes = {each.organisation.code for each in facts.presences(asked)}
    rows: dict[str, list[Attended]] = {}
    for count in facts.counts:
        if asked.fits_count(count) and facts.now(count.organisation) in codes:
            rows.setdefault(count.target_group, []).append(count)
    return [
        (
            group,
            sum(each.registered for each in counts),
            sum(each.attended for each in counts),
            sum(each.no_show for each in counts),
        )
        for group, counts in sorted(rows.items())
    ]


def _open_meetings(session: Session, database: Database) -> list[Meeting]:
    """The meetings to come to which the one who asks may invite."""
    coming = (queries.ends_after(database.clock()), queries.in_state("published"))
    found = queries.meetings(session, Filters(), Part(_MOST_MEETINGS), *coming)
    return reached(current_actor(), "campaign.start", found)


def _filled_in(absent: Sequence[Reference], asked: ReachFilter) -> str:
    """The query that fills in a campaign: the role and regions, and one organisation or mail domain a line."""
    regions = sorted({each.region for each in absent if each.region})
    lines = [line for each in absent for line in (in_words(each.labels), *each.email_domains)]
    groups = [asked.target_group] if asked.target_group else []
    pairs = [("targetGroup", group) for group in groups] + [("region", region) for region in regions]
    return urlencode([*pairs, ("organisations", "\n".join(lines))])


def _as_asked(form: Form) -> dict[str, Any]:
    return {name: value for name, value in form.typed.items() if value and name != "meeting"}
