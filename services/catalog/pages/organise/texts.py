"""Where editors keep the programme's own texts."""

from dataclasses import replace
from typing import get_args

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.catalog.actions.keep_page_text import keep_page_text
from services.catalog.forms.flaws import shown
from services.catalog.forms.page_texts import PageTextForm
from services.catalog.pages.organise.knowledge import SOMEONE_ELSE
from services.catalog.queries.page_texts import lock_page_text, page_text, page_texts
from services.catalog.rules.flaws import Flaw
from services.catalog.rules.page_texts import Name, PageText
from shared.db.transaction import Database
from shared.web.access import verb
from shared.web.forms import Form, filled, read_form
from shared.web.problems import Problem

Page = tuple[str, int] | Response


def organise_texts_pages(database: Database) -> Blueprint:
    """The pages under ``/organise/texts``."""
    pages = Blueprint("organise_texts", __name__, url_prefix="/organise/texts")

    @pages.get("")
    @verb("programme.change")
    def overview() -> str:
        with database.reading() as session:
            return render_template("catalog/organise_texts.html", texts=page_texts(session))

    @pages.get("/<name>")
    @verb("programme.change")
    def edit(name: str) -> Page:
        with database.reading() as session:
            text = page_text(session, _known(name))
        return _page(text, filled({"title": text.title, "body": text.body}))

    @pages.post("/<name>")
    @verb("programme.change")
    def change(name: str) -> Page:
        form = read_form(PageTextForm())
        with database.begin() as tx:
            text = lock_page_text(tx.session, _known(name))
            if "preview" in request.form:
                return _page(text, replace(form, errors=[]), is_preview=True)
            if form.loaded is None:
                return _page(text, form, 400)
            if request.form.get("version") != str(text.version):
                return _page(text, replace(form, errors=shown([Flaw("", "version-stale", SOMEONE_ELSE)])), 409)
            keep_page_text(tx, text, form.loaded["title"], form.loaded.get("body", {}))
        return redirect(url_for("organise_texts.edit", name=name, done="saved"), 303)

    return pages


def _known(name: str) -> Name:
    """The name of a text. Raises ``Problem`` 404 for any other."""
    found: Name | None = next((known for known in get_args(Name) if known == name), None)
    if found is None:
        raise Problem(404)
    return found


def _page(text: PageText, form: Form, status: int = 200, *, is_preview: bool = False) -> Page:
    page = render_template(
        "catalog/organise_text.html", text=text, form=form, is_preview=is_preview, done=request.args.get("done")
    )
    return page, status
