"""Being erased: asked for on a page of its own, and the receipts, for no mail is sent about it."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, url_for

from services.registration.actions.ask_erasure import ask_erasure
from services.registration.actions.erase_person import STAYS
from services.registration.forms.my_data import as_erasure
from services.registration.pages.my_data_link import HOME, opened_link
from services.registration.pages.my_data_words import RECEIPTS, SERVICES
from services.registration.pages.privacy import WORDS
from services.registration.queries.about_person import about_person
from services.registration.queries.my_data import receipts_of
from shared.db.ledger import Erased, Ledger
from shared.db.transaction import Database
from shared.web.access import verb
from shared.web.policy import SCRIPTED
from shared.web.privacy import what_stays
from shared.web.problems import Problem


def my_data_erasing_pages(database: Database, ledger: Ledger) -> Blueprint:
    """``/my-data/erase`` and ``/my-data/erasure``."""
    pages = Blueprint("my_data_erasing", __name__)

    @pages.get("/my-data/erase")
    @verb("my-data.erase", sign_in=HOME)
    def confirm() -> Any:
        with database.reading() as session:
            row = opened_link(database, session)
            if row is None or not row.email:
                return redirect(HOME, 303)
            kept = about_person(session, Erased(row.person, database.clock(), ledger.pseudonyms, row.email))
        return render_template(
            "registration/my_data_erase.html",
            email=row.email,
            has_role=bool(kept["organiser"]),
            stays=what_stays(STAYS, WORDS),
        )

    @pages.post("/my-data/erase")
    @verb("my-data.erase", sign_in=HOME)
    def erase() -> Any:
        with database.reading() as session:
            row = opened_link(database, session)
        if row is None:
            raise Problem(403)
        if row.email:
            with database.begin() as tx:
                ask_erasure(tx, ledger, row.email)
        return redirect(url_for("my_data_erasing.receipts"), 303)

    @pages.get("/my-data/erasure")
    @verb("my-data.read", sign_in=HOME)
    def receipts() -> Any:
        with database.reading() as session:
            row = opened_link(database, session)
            state = as_erasure(list(receipts_of(session, row.person))) if row else None
        if state is None:
            return redirect(url_for("my_data_pages.mine"), 303)
        page = render_template("registration/my_data_erasure.html", erasure=state, services=SERVICES, tables=RECEIPTS)
        return Response(page, headers=SCRIPTED)

    return pages
