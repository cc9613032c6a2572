"""Where organisers look up organisations, and correct from which domains their people write."""

from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from services.catalog import queries
from services.catalog.actions.correct_domains import correct_domains
from services.catalog.forms.flaws import shown
from services.catalog.forms.reference import DomainsForm
from services.catalog.queries import Part
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.flaws import FlawedError
from services.catalog.rules.references import Reference
from shared.db.transaction import Database
from shared.web.access import verb
from shared.web.forms import Form, read_form
from shared.web.problems import Problem

_MOST_LISTED = 100

Page = tuple[str, int] | Response


def organisation_pages(database: Database, addresses: Addresses) -> Blueprint:
    """The pages under ``/organise/organisations``."""
    pages = Blueprint("organisations", __name__, url_prefix="/organise/organisations")

    @pages.get("")
    @verb("reference.change")
    def search() -> str:
        words = request.args.get("q", "")
        with database.reading() as session:
            found = queries.references(session, "organisation", words, Part(_MOST_LISTED + 1))
        return render_template(
            "catalog/organisations.html",
            form=Form({"q": words}),
            organisations=found[:_MOST_LISTED],
            has_more=len(found) > _MOST_LISTED,
        )

    @pages.get("/one")
    @verb("reference.change")
    def show() -> Page:
        with database.reading() as session:
            organisation = _asked(session, request.args.get("code", ""))
        return _page(organisation, Form({"emailDomains": "\n".join(organisation.email_domains)}))

    @pages.post("/one")
    @verb("reference.change")
    def change() -> Page:
        form = read_form(DomainsForm())
        with database.reading() as session:
            organisation = _asked(session, request.form.get("code", ""))
        if form.loaded is None:
            return _page(organisation, form, 400)
        try:
            with database.begin() as tx:
                lines = form.loaded["email_domains"].split()
                correct_domains(tx, _asked(tx.session, organisation.code), lines, addresses)
        except FlawedError as error:
            return _page(organisation, replace(form, errors=shown(error.flaws)), 400)
        return redirect(url_for("organisations.show", code=organisation.code, done="saved"), 303)

    return pages


def _asked(session: Session, code: str) -> Reference:
    """The organisation with this code. Raises ``Problem`` 404."""
    organisation = queries.organisation(session, code)
    if organisation is None:
        raise Problem(404)
    return organisation


def _page(organisation: Reference, form: Form, status: int = 200) -> Page:
    done = request.args.get("done")
    return render_template("catalog/organisation.html", organisation=organisation, form=form, done=done), status
