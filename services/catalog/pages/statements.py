"""What we say about ourselves: accessibility, privacy, and where to report a hole."""

from datetime import timedelta

from flask import Blueprint, Response, render_template

from services.catalog.queries.page_texts import page_text
from services.catalog.rules.addresses import Addresses
from shared.db.transaction import Database
from shared.times import utc_text
from shared.web.access import verb

_SECURITY_TEXT_HOLDS = timedelta(days=180)


def statement_pages(addresses: Addresses, database: Database) -> Blueprint:
    """``/toegankelijkheid``, ``/privacy`` and ``/.well-known/security.txt`` (RFC 9116)."""
    pages = Blueprint("statements", __name__)

    @pages.get("/toegankelijkheid")
    @verb("statement.read")
    def accessibility() -> str:
        return render_template("catalog/accessibility.html")

    @pages.get("/privacy")
    @verb("statement.read")
    def privacy() -> str:
        with database.reading() as session:
            return render_template("catalog/privacy.html", text=page_text(session, "privacy"))

    @pages.get("/.well-known/security.txt")
    @verb("statement.read")
    def security_text() -> Response:
        today = database.clock().replace(hour=0, minute=0, second=0, microsecond=0)
        lines = (
            "Contact: mailto:security@kring.example",
            f"Expires: {utc_text(today + _SECURITY_TEXT_HOLDS)}",
            "Preferred-Languages: nl, en",
            f"Canonical: {addresses.base_url}/.well-known/security.txt",
        )
        return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")

    return pages
