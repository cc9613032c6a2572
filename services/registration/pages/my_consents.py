"""What somebody agrees to, and takes back, on the page with their own data."""

from typing import Any

from flask import Blueprint, redirect, request, url_for

from services.registration.actions.keep_consent import give_consent, withdraw_consent
from services.registration.pages.my_data_link import HOME, opened_by_person
from shared.db.transaction import Database
from shared.people.pseudonyms import folded
from shared.web.access import verb


def my_consents_pages(database: Database) -> Blueprint:
    """``/my-data/consents``; that to the network is given and taken back by joining and leaving it."""
    pages = Blueprint("my_consents", __name__)

    @pages.post("/my-data/consents/photo")
    @verb("consent.change", sign_in=HOME)
    def agree() -> Any:
        row = opened_by_person(database)
        if request.form.get("agree") == "true":
            with database.begin() as tx:
                give_consent(tx, folded(row.email), "photo")
        return redirect(url_for("my_data_pages.mine", _anchor="consents"), 303)

    @pages.post("/my-data/consents/photo/withdrawal")
    @verb("consent.change", sign_in=HOME)
    def withdraw() -> Any:
        row = opened_by_person(database)
        with database.begin() as tx:
            withdraw_consent(tx, folded(row.email), "photo")
        return redirect(url_for("my_data_pages.mine", _anchor="consents"), 303)

    return pages
