"""Manifests for programs, and who signed them."""

from typing import Any

from flask.views import MethodView
from sqlalchemy.orm import Session

from services.catalog import queries
from services.catalog.forms.flaws import as_problems
from services.catalog.forms.manifests import ManifestAnswer, SignatoryAnswer, SignatoryQuery
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
from services.catalog.rules.filters import unknown_codes
from services.catalog.rules.flaws import FlawedError
from services.catalog.rules.manifests import Manifest
from services.catalog.rules.organisations import shares
from shared.db.transaction import Database
from shared.i18n import N_
from shared.web.access import verb
from shared.web.api import Blueprint, PageQuery, page_of, paged, part_of
from shared.web.problems import Problem
from shared.web.reading import read_query


def manifests_api(database: Database) -> Blueprint:
    """The routes under ``/v1/manifests``."""
    api = Blueprint("manifests", __name__, url_prefix="/v1/manifests", description=N_("What organisations promise"))

    @api.route("")
    class Manifests(MethodView):
        @verb("reference.read")
        @api.asks(PageQuery)
        @api.response(200, ManifestAnswer(many=True))
        def get(self) -> Any:
            """List all manifests, the newest first, with how many organisations of each kind signed."""
            page = page_of(read_query(PageQuery()))
            with database.reading() as session:
                found, links = part_of(manifests(session), page)
                return [answer(session, each) for each in found], links

    @api.route("/<slug>")
    class One(MethodView):
        @verb("reference.read")
        @api.refuses("manifest-unknown")
        @api.response(200, ManifestAnswer)
        def get(self, slug: str) -> Any:
            """Give one manifest."""
            with database.reading() as session:
                return answer(session, _known(session, slug))

    @api.route("/<slug>/signatories")
    class Signatories(MethodView):
        @verb("reference.read")
        @api.asks(SignatoryQuery)
        @api.refuses("manifest-unknown")
        @api.response(200, SignatoryAnswer(many=True))
        def get(self, slug: str) -> Any:
            """List the organisations whose signature counts today, by name."""
            with database.reading() as session:
                found = _known(session, slug)
                query = read_query(SignatoryQuery())
                page = page_of(query)
                _refuse_unknown(session, query["region"])
                asked = SignatoryFilter(home_day(database.clock()), query["kind"], query["region"], query["q"])
                rows, headers = paged(signatories(session, found.id, asked, Part(page.size + 1, page.offset)), page)
            return rows, 200, headers

    def answer(session: Session, manifest: Manifest) -> dict[str, Any]:
        today = home_day(database.clock())
        signed = signed_codes(session, today, manifest.id)
        return {
            **vars(manifest),
            "signatories": count_of(session, manifest.id, today),
            "shares": shares(signed, organisations_by_code(session), today),
        }

    return api


def _known(session: Session, slug: str) -> Manifest:
    found = manifest_by_slug(session, slug)
    if found is None:
        raise Problem(404, "manifest-unknown")
    return found


def _refuse_unknown(session: Session, regions: list[str]) -> None:
    with as_problems():
        flaws = list(unknown_codes([("region", code) for code in regions], queries.vocabulary(session)))
        if flaws:
            raise FlawedError(flaws)
