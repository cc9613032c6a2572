"""Which organisation's people write from a domain: what the sign-up form tells while an address is typed."""

from flask import Blueprint, Response, jsonify, request

from services.registration.queries.references import workplace
from shared.db.transaction import Database
from shared.web.access import verb


def workplace_pages(database: Database) -> Blueprint:
    """``/workplace?domain=``: the domain only, never the address."""
    pages = Blueprint("workplace", __name__)

    @pages.get("/workplace")
    @verb("reference.read")
    def of_domain() -> Response:
        domain = request.args.get("domain", "").strip().lower()
        with database.reading() as session:
            name, code = workplace(session, "", f"@{domain}")
        return jsonify(organisation=name if code else None)

    return pages
