"""All that every part of the site keeps of somebody: gathered, read, and saved as a file."""

import json
from typing import Any

from flask import Blueprint, Response, redirect, render_template, url_for

from services.registration.actions.my_data import ask_export
from services.registration.pages.my_data_lines import lines_of
from services.registration.pages.my_data_link import HOME, opened_by_person, opened_link
from services.registration.pages.my_data_words import SERVICES
from services.registration.queries.my_data import Export, export_by
from shared.db.ledger import Ledger
from shared.db.transaction import Database
from shared.i18n import current_translator
from shared.i18n import gettext as _
from shared.web.access import verb
from shared.web.policy import SCRIPTED
from shared.web.problems import Problem


def my_data_export_pages(database: Database, ledger: Ledger) -> Blueprint:
    """``/my-data/exports``."""
    pages = Blueprint("my_data_export", __name__)

    @pages.post("/my-data/exports")
    @verb("my-data.take", sign_in=HOME)
    def gather() -> Any:
        row = opened_by_person(database)
        with database.begin() as tx:
            export_id = ask_export(tx, ledger.pseudonyms, row.email, current_translator().language)
        return redirect(url_for("my_data_export.gathered", export_id=export_id), 303)

    @pages.get("/my-data/exports/<export_id>")
    @verb("my-data.read", sign_in=HOME)
    def gathered(export_id: str) -> Response:
        found = _export(database, export_id)
        page = render_template(
            "registration/my_data_export.html",
            found=found,
            services=SERVICES,
            told=[(_(SERVICES[name]), lines_of(data)) for name, data in found.data.items()] if found.is_ready else [],
        )
        return Response(page, headers=SCRIPTED)

    @pages.get("/my-data/exports/<export_id>/file")
    @verb("my-data.read", sign_in=HOME)
    def file(export_id: str) -> Response:
        found = _export(database, export_id)
        if not found.is_ready:
            raise Problem(404)
        text = json.dumps(found.data, ensure_ascii=False, indent=2)
        name = f"kring-{found.requested_at:%Y-%m-%d}.json"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return Response(text, mimetype="application/json", headers=headers)

    return pages


def _export(database: Database, export_id: str) -> Export:
    with database.reading() as session:
        row = opened_link(database, session)
        found = row and export_by(session, row.person, export_id)
    if not found:
        raise Problem(404)
    return found
