"""What is kept of somebody here, for themselves, and what they agreed to."""

from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.forms.my_data import as_erasure
from services.registration.pages.my_data_link import HOME, opened_link
from services.registration.pages.my_data_words import KINDS
from services.registration.queries.about_person import about_person
from services.registration.queries.my_data import consents_of, receipts_of
from services.registration.rules.consents import WORDS, Purpose, newest_version, words_of
from shared.db.ledger import Erased, Ledger
from shared.db.transaction import Database
from shared.i18n import gettext as _
from shared.people.pseudonyms import folded
from shared.web.access import verb


def my_data_pages(database: Database, ledger: Ledger) -> Blueprint:
    """``/my-data/mine``."""
    pages = Blueprint("my_data_pages", __name__)

    @pages.get("/my-data/mine")
    @verb("my-data.read", sign_in=HOME)
    def mine() -> Any:
        with database.reading() as session:
            row = opened_link(database, session)
            if row is None:
                return redirect(HOME, 303)
            return _page(session, ledger, row, database.clock())

    return pages


def _page(session: Session, ledger: Ledger, row: Row[Any], now: datetime) -> str:
    person = Erased(row.person, now, ledger.pseudonyms, row.email)
    kept = about_person(session, person) if row.email else {}
    given = {each.purpose: each for each in consents_of(session, folded(row.email))} if row.email else {}
    return render_template(
        "registration/my_data.html",
        email=row.email,
        counts=[(_(KINDS[kind]), len(found)) for kind, found in kept.items() if found],
        consents=[(purpose, given.get(purpose), _(_shown(purpose, given.get(purpose)))) for purpose in WORDS],
        erasure=as_erasure(list(receipts_of(session, row.person))),
    )


def _shown(purpose: Purpose, given: Row[Any] | None) -> str:
    """The words that were agreed to; those of now where nothing was."""
    return words_of(purpose, given.version if given else newest_version(purpose))
