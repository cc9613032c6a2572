"""Where organisers keep the venues in which meetings are held more often."""

from dataclasses import asdict

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.catalog.actions.keep_venue import keep_venue
from services.catalog.forms.words import VenueKeptForm
from services.catalog.queries.venues import venue_by_code, venues
from services.catalog.rules.slug import slug_of
from services.catalog.rules.venues import KeptVenue
from shared.db.transaction import Database
from shared.events.contract import camel
from shared.web.access import verb
from shared.web.forms import Form, filled, read_form
from shared.web.problems import Problem

Page = tuple[str, int] | Response


def venue_pages(database: Database) -> Blueprint:
    """The pages under ``/organise/reference/venues``."""
    pages = Blueprint("organise_venues", __name__, url_prefix="/organise/reference/venues")

    @pages.get("")
    @verb("reference.change")
    def overview() -> str:
        with database.reading() as session:
            return render_template("catalog/organise_venues.html", venues=venues(session))

    @pages.get("/one")
    @verb("reference.change")
    def one() -> Page:
        code = request.args.get("code")
        with database.reading() as session:
            venue = venue_by_code(session, code) if code else None
        if code and venue is None:
            raise Problem(404)
        values = {camel(name): value for name, value in asdict(venue).items()} if venue else {}
        return _page(code, filled(values))

    @pages.post("/one")
    @verb("reference.change")
    def keep() -> Page:
        code = request.args.get("code")
        form = read_form(VenueKeptForm())
        with database.reading() as session:
            taken = {venue.code for venue in venues(session)}
        if code and code not in taken:
            raise Problem(404)
        if form.loaded is None:
            return _page(code, form, 400)
        venue = KeptVenue(code=code or slug_of(form.loaded["name"], taken), **form.loaded)
        with database.begin() as tx:
            keep_venue(tx, venue)
        return redirect(url_for("organise_venues.one", code=venue.code, done="saved"), 303)

    return pages


def _page(code: str | None, form: Form, status: int = 200) -> Page:
    return render_template("catalog/organise_venue.html", code=code, form=form, done=request.args.get("done")), status
