"""What search engines read first: which pages there are, and which are none of their business."""

from flask import Blueprint, Response

from services.catalog import queries
from services.catalog.feeds.sitemap import MOST_PAGES, sitemap
from services.catalog.queries.published import changed_pages
from services.catalog.rules.addresses import Addresses
from shared.db.transaction import Database
from shared.web.access import verb

_ALWAYS = (
    "/",
    "/about",
    "/meetings",
    "/knowledge",
    "/knowledge/experts",
    "/stories",
    "/manifest",
    "/reach",
    "/open-data",
)
_NOT_FOR_ROBOTS = ("/organise", "/registration/", "/notifications/", "/health/", "/metrics")


def robots_pages(addresses: Addresses, database: Database) -> Blueprint:
    """``/robots.txt`` (RFC 9309) and ``/sitemap.xml``."""
    pages = Blueprint("robots", __name__)

    @pages.get("/robots.txt")
    @verb("statement.read")
    def robots() -> Response:
        lines = ("User-agent: *", *(f"Disallow: {path}" for path in _NOT_FOR_ROBOTS))
        return Response(
            "\n".join((*lines, "", f"Sitemap: {addresses.base_url}/sitemap.xml", "")), mimetype="text/plain"
        )

    @pages.get("/sitemap.xml")
    @verb("statement.read")
    def site_map() -> Response:
        with database.reading() as session:
            found = changed_pages(session, MOST_PAGES - len(_ALWAYS))
            changed_at = queries.catalogue_version(session).changed_at
        always = [(path, changed_at if path == "/meetings" else None) for path in _ALWAYS]
        response = Response(sitemap(addresses.base_url, [*always, *found]), mimetype="application/xml")
        response.add_etag()
        return response

    return pages
