"""Reach for programs: which organisations took part, and how many people, in ranges."""

from typing import Any

from flask.views import MethodView

from services.catalog import queries
from services.catalog.forms.flaws import as_problems
from services.catalog.forms.reach import PeopleAnswer, PresenceAnswer, ReachQuery, filter_in
from services.catalog.queries.reached import reach_facts
from services.catalog.rules.days import home_day
from services.catalog.rules.filters import unknown_codes
from services.catalog.rules.flaws import FlawedError
from services.catalog.rules.reached import people
from services.catalog.rules.small_numbers import public_range
from shared.db.transaction import Database
from shared.i18n import N_
from shared.web.access import verb
from shared.web.api import Blueprint, PageQuery, page_of, paged, part_of
from shared.web.reading import read_query


def reach_api(database: Database) -> Blueprint:
    """``/v1/reach`` and ``/v1/reach/people``."""
    api = Blueprint("reach_api", __name__, url_prefix="/v1/reach", description=N_("Who took part"))

    @api.route("")
    class Reach(MethodView):
        @verb("reference.read")
        @api.asks(ReachQuery)
        @api.response(200, PresenceAnswer(many=True))
        def get(self) -> Any:
            """List municipalities, provinces and water boards with the years in which they took part."""
            query = read_query(ReachQuery())
            page = page_of(query)
            with database.reading() as session:
                asked = [("region", query["region"])] if query["region"] else []
                with as_problems():
                    flaws = list(unknown_codes(asked, queries.vocabulary(session)))
                    if flaws:
                        raise FlawedError(flaws)
                facts = reach_facts(session, home_day(database.clock()))
            found = facts.presences(filter_in(query))[page.offset : page.offset + page.size + 1]
            rows, headers = paged([{**vars(each), "signed": facts.has_signed(each)} for each in found], page)
            return rows, 200, headers

    @api.route("/people")
    class People(MethodView):
        @verb("reference.read")
        @api.asks(PageQuery)
        @api.response(200, PeopleAnswer(many=True))
        def get(self) -> Any:
            """List how many people of each target group came in each year, as ranges of five."""
            page = page_of(read_query(PageQuery()))
            with database.reading() as session:
                facts = reach_facts(session, home_day(database.clock()))
                groups = [word.code for word in queries.references(session, "target-group")]
            came = people(facts.counts)
            ranges = [  # also of those of whom none came: that is as little to be known as that one did
                (group, year, public_range(came.get((group, year), 0)) or (None, None))
                for year in facts.years
                for group in groups
            ]
            rows = [
                {"target_group": group, "year": year, "at_least": least, "at_most": most}
                for group, year, (least, most) in ranges
            ]
            return part_of(rows, page)

    return api
