"""Which organisations the network reached, as everyone may know it: of people only ranges, see the rules."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, render_template
from sqlalchemy.orm import Session

from services.catalog import queries
from services.catalog.forms.reach import ReachForm, filter_in, reach_file
from services.catalog.queries.manifests import manifests
from services.catalog.queries.reached import ReachFacts, counted_at, counted_until, reach_facts
from services.catalog.rules.days import day_changed, home_day
from services.catalog.rules.organisations import COUNTED, KINDS
from services.catalog.rules.reached import Presence, ReachFilter, people, tally
from services.catalog.rules.references import WHOLE_COUNTRY
from services.catalog.rules.small_numbers import public_range
from shared.cells import CSV_TYPE
from shared.db.transaction import Database
from shared.i18n import gettext as _
from shared.i18n import in_words
from shared.web.access import verb
from shared.web.forms import Form, read_question

_MUNICIPALITIES = "municipality"


def reach_pages(database: Database) -> Blueprint:
    """``/reach`` and ``/reach.csv``."""
    pages = Blueprint("reach", __name__)

    @pages.get("/reach")
    @verb("page.read")
    def reach() -> tuple[str, int]:
        form = read_question(ReachForm())
        with database.reading() as session:
            facts = reach_facts(session, home_day(database.clock()))
            asked = filter_in({**(form.loaded or {}), "target_group": None})
            found = facts.presences(asked)
            mapped = facts.presences(ReachFilter(kind=asked.kind or _MUNICIPALITIES, year=asked.year))
            page = render_template(
                "catalog/reach.html",
                **reach_words(session, form, facts),
                presences=[each for each in found if each.years],
                shares=[facts.share(kind, asked) for kind in COUNTED if asked.kind in (None, kind)],
                signed=facts.signed,
                tiles=_tiles(session, mapped),
                mapped=asked.kind or _MUNICIPALITIES,
                people=people(facts.counts),
                counted_until=counted_until(session),
                updated_on=day_changed([counted_at(session)], (each.changed_at for each in manifests(session))),
                public_range=public_range,
            )
        return page, 400 if form.errors else 200

    @pages.get("/reach.csv")
    @verb("page.read")
    def file() -> Response:
        with database.reading() as session:
            facts = reach_facts(session, home_day(database.clock()))
        content = reach_file(facts.presences(ReachFilter()), facts.signed)
        headers = {"Content-Disposition": 'attachment; filename="reach.csv"'}
        return Response(content, content_type=CSV_TYPE, headers=headers)

    return pages


def reach_words(session: Session, form: Form, facts: ReachFacts) -> dict[str, Any]:
    """The words for what can be asked for."""
    regions = [word for word in queries.references(session, "region") if word.code != WHOLE_COUNTRY]
    return {
        "form": form,
        "kinds": [(kind, _(KINDS[kind])) for kind in COUNTED],
        "regions": [(word.code, in_words(word.labels)) for word in regions],
        "years": facts.years,
        "year_options": [(str(year), str(year)) for year in facts.years],
        "groups": [(word.code, in_words(word.labels)) for word in queries.references(session, "target-group")],
    }


def _tiles(session: Session, found: Sequence[Presence]) -> list[tuple[str, str, int, int]]:
    """For each province its code, its name, how many organisations there took part and how many there are."""
    regions = [word for word in queries.references(session, "region") if word.code != WHOLE_COUNTRY]
    return [(word.code, in_words(word.labels), *tally(found, word.code)) for word in regions]
