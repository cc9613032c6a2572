"""What organisations promise together, and which of them signed it."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from sqlalchemy.orm import Session

from services.catalog import queries
from services.catalog.forms.signatures import signature_file
from services.catalog.queries import Part
from services.catalog.queries.manifests import (
    SignatoryFilter,
    count_of,
    manifest_by_slug,
    manifests,
    signatories,
    signed_codes,
)
from services.catalog.queries.organisations import organisations_by_code
from services.catalog.rules.days import home_day
from services.catalog.rules.manifests import Manifest, at_hand
from services.catalog.rules.organisations import KINDS, shares
from services.catalog.rules.references import WHOLE_COUNTRY
from shared.cells import CSV_TYPE
from shared.db.transaction import Database
from shared.i18n import gettext as _
from shared.i18n import in_words
from shared.release import RELEASED_ON
from shared.web.access import verb
from shared.web.problems import Problem

_A_PAGE = 100
_ALL = Part(100_000)


def manifest_pages(database: Database) -> Blueprint:
    """``/manifest``: the one at hand; ``/manifest/{slug}`` and ``/manifest/{slug}.csv``."""
    pages = Blueprint("manifest", __name__)

    @pages.get("/manifest")
    @verb("page.read")
    def at_hand_page() -> str:
        with database.reading() as session:
            found = at_hand(manifests(session), home_day(database.clock()))
            return (
                page(session, found) if found else render_template("catalog/manifest_none.html", updated_on=RELEASED_ON)
            )

    @pages.get("/manifest/<slug>")
    @verb("page.read")
    def one(slug: str) -> str:
        with database.reading() as session:
            return page(session, _known(session, slug))

    @pages.get("/manifest/<slug>.csv")
    @verb("page.read")
    def file(slug: str) -> Response:
        with database.reading() as session:
            found = _known(session, slug)
            today = SignatoryFilter(home_day(database.clock()))
            content = signature_file(signatories(session, found.id, today, _ALL))
        headers = {"Content-Disposition": f'attachment; filename="{found.slug}.csv"'}
        return Response(content, content_type=CSV_TYPE, headers=headers)

    def page(session: Session, manifest: Manifest) -> str:
        today = home_day(database.clock())
        asked = _asked(today)
        number = max(1, request.args.get("page", 1, type=int))
        found = signatories(session, manifest.id, asked, Part(_A_PAGE + 1, (min(number, 10_000) - 1) * _A_PAGE))
        regions = queries.references(session, "region")
        return render_template(
            "catalog/manifest.html",
            manifest=manifest,
            others=[each for each in manifests(session) if each.id != manifest.id],
            signatories=found[:_A_PAGE],
            count=count_of(session, manifest.id, today),
            shares=shares(signed_codes(session, today, manifest.id), organisations_by_code(session), today),
            kinds=KINDS,
            kind_options=[(kind, _(name)) for kind, name in KINDS.items()],
            regions={word.code: word.labels for word in regions},
            region_options=[(word.code, in_words(word.labels)) for word in regions if word.code != WHOLE_COUNTRY],
            asked=request.args,
            next_page=_next_page(number) if len(found) > _A_PAGE else None,
            updated_on=home_day(manifest.changed_at),
        )

    return pages


def _asked(day: date) -> SignatoryFilter:
    """The filters in the address; a code that nobody knows finds nobody."""
    kinds, regions = ([code for code in request.args.getlist(name) if code] for name in ("kind", "region"))
    return SignatoryFilter(day, kinds, regions, request.args.get("q", "")[:200].replace("\0", " "))


def _known(session: Session, slug: str) -> Manifest:
    found = manifest_by_slug(session, slug)
    if found is None:
        raise Problem(404)
    return found


def _next_page(number: int) -> str:
    query: list[tuple[str, Any]] = [pair for pair in request.args.items(multi=True) if pair[0] != "page"]
    return f"{request.path}?{urlencode([*query, ('page', number + 1)])}"
