"""What search engines read first: which pages there are, and which are none of their business."""

from flask import Blueprint, Response

from services.catalog.feeds.sitemap import SiteMap
from services.catalog.rules.addresses import Addresses
from shared.db.transaction import Database
from shared.web.access import verb
from shared.web.problems import Problem

_NOT_FOR_ROBOTS = ("/organise", "/registration/", "/notifications/", "/health/", "/metrics")


def robots_pages(addresses: Addresses, database: Database) -> Blueprint:
    """``/robots.txt`` (RFC 9309), ``/sitemap.xml`` and, of a large site, ``/sitemap-1.xml`` and so on."""
    pages = Blueprint("robots", __name__)
    site_map = SiteMap(addresses.base_url)

    @pages.get("/robots.txt")
    @verb("statement.read")
    def robots() -> Response:
        lines = ("User-agent: *", *(f"Disallow: {path}" for path in _NOT_FOR_ROBOTS))
        return Response(
            "\n".join((*lines, "", f"Sitemap: {addresses.base_url}/sitemap.xml", "")), mimetype="text/plain"
        )

    @pages.get("/sitemap.xml")
    @verb("statement.read")
    def whole() -> Response:
        with database.reading() as session:
            return _xml(site_map.whole(session))

    @pages.get("/sitemap-<int(max=9999):number>.xml")
    @verb("statement.read")
    def part(number: int) -> Response:
        with database.reading() as session:
            found = site_map.part(session, number) if number else None
        if found is None:
            raise Problem(404)
        return _xml(found)

    return pages


def _xml(document: bytes) -> Response:
    response = Response(document, mimetype="application/xml")
    response.add_etag()
    return response
