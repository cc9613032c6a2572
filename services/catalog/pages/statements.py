"""What we say about ourselves: how accessible we are, and where to report a hole."""

from dataclasses import replace
from datetime import timedelta

from flask import Blueprint, Response, render_template

from services.catalog.queries.page_texts import page_text
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.days import day_changed
from services.catalog.rules.page_texts import with_contact
from shared.db.transaction import Database
from shared.times import utc_text
from shared.web.access import verb

_SECURITY_TEXT_HOLDS = timedelta(days=180)


def statement_pages(database: Database, addresses: Addresses, contact: tuple[str, str], security: str) -> Blueprint:
    """``/toegankelijkheid`` and ``/.well-known/security.txt`` (RFC 9116).

    ``contact`` is the name and the mail address of who runs the site, ``security`` where a hole can be reported.
    """
    pages = Blueprint("statements", __name__)

    @pages.get("/toegankelijkheid")
    @verb("statement.read")
    def accessibility() -> str:
        with database.reading() as session:
            text = page_text(session, "accessibility")
        return render_template(
            "catalog/accessibility.html",
            text=replace(text, body=with_contact(text.body, *contact)),
            updated_on=day_changed([text.changed_at]),
        )

    @pages.get("/.well-known/security.txt")
    @verb("statement.read")
    def security_text() -> Response:
        today = database.clock().replace(hour=0, minute=0, second=0, microsecond=0)
        lines = (
            f"Contact: {security}",
            f"Expires: {utc_text(today + _SECURITY_TEXT_HOLDS)}",
            "Preferred-Languages: nl, en",
            f"Canonical: {addresses.base_url}/.well-known/security.txt",
        )
        return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")

    return pages
