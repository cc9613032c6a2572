"""A certificate of attendance, for who was there and asks for one."""

from flask import Blueprint, Response

from services.registration.forms.refusals import conflict
from services.registration.pages.meetings import own_registration
from services.registration.pages.mine import HOME
from services.registration.rules.decision import Refused
from shared.db.transaction import Database
from shared.web.access import verb


def certificate_pages(database: Database) -> Blueprint:
    """The file beside the page of one's own registration."""
    pages = Blueprint("certificate", __name__)

    @pages.get("/mine/r/<registration_id>/certificate.pdf")
    @verb("registration.read", sign_in=HOME)
    def certificate(registration_id: str) -> Response:
        with database.reading() as session:
            row, meeting = own_registration(session, registration_id, "registration.read")
        if row.status != "attended":
            raise conflict(Refused("not-attended"))
        from services.registration.lists import certificate as document  # noqa: PLC0415  # slow to load, as in files.py

        headers = {"Content-Disposition": f'attachment; filename="{meeting.slug}.pdf"'}
        return Response(document.write(row, meeting), mimetype="application/pdf", headers=headers)

    return pages
