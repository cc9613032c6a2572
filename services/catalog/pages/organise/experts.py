"""Where editors write down who helps with what."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.catalog import queries
from services.catalog.actions.keep_expert import keep_expert
from services.catalog.actions.remove_expert import remove_expert
from services.catalog.forms.experts import ExpertForm, expert_document, read_expert
from services.catalog.forms.flaws import shown
from services.catalog.forms.meeting_names import named_meetings
from services.catalog.forms.typed import typed_document
from services.catalog.pages.organise.knowledge import SOMEONE_ELSE
from services.catalog.queries.experts import expert_by_id, experts, lock_expert
from services.catalog.queries.knowledge import meetings_called, slugs_of_meetings
from services.catalog.queries.words import offered
from services.catalog.rules.days import home_day
from services.catalog.rules.experts import Expert
from services.catalog.rules.flaws import Flaw, FlawedError
from shared.db.transaction import Database
from shared.web.access import verb
from shared.web.forms import Form, filled, read_form
from shared.web.problems import Problem

Page = tuple[str, int] | Response


def organise_experts_pages(database: Database) -> Blueprint:
    """The pages under ``/organise/experts``."""
    pages = Blueprint("organise_experts", __name__, url_prefix="/organise/experts")
    editor = _Editor(database)

    @pages.get("")
    @verb("programme.change")
    def overview() -> str:
        with database.reading() as session:
            found = experts(session)
        return render_template("catalog/organise_experts.html", experts=found, done=request.args.get("done"))

    @pages.get("/new")
    @verb("programme.change")
    def new() -> Page:
        return editor.page(None, Form())

    @pages.post("/new")
    @verb("programme.change")
    def write_down() -> Page:
        return editor.keep(None)

    @pages.get("/<expert_id>")
    @verb("programme.change")
    def edit(expert_id: str) -> Page:
        with database.reading() as session:
            expert = _there(expert_by_id(session, expert_id))
            slugs = slugs_of_meetings(session, expert.meetings)
        return editor.page(expert, filled({**expert_document(expert), "meetings": "\n".join(slugs.values())}))

    @pages.post("/<expert_id>")
    @verb("programme.change")
    def change(expert_id: str) -> Page:
        return editor.keep(expert_id)

    @pages.post("/<expert_id>/removal")
    @verb("programme.change")
    def remove(expert_id: str) -> Page:
        with database.begin() as tx:
            remove_expert(tx, _there(lock_expert(tx.session, expert_id)))
        return redirect(url_for("organise_experts.overview", done="removed"), 303)

    return pages


@dataclass(frozen=True)
class _Editor:
    """The page of one expert: what is refused stands beside the fields, and nothing typed is lost."""

    database: Database

    def keep(self, expert_id: str | None) -> Page:
        """Keep what was typed (None: of a new one); the page with the errors where it cannot be."""
        form, before = replace(read_form(ExpertForm()), errors=[]), None
        if "preview" in request.form:
            with self.database.reading() as session:
                known = _there(expert_by_id(session, expert_id)) if expert_id else None
            return self.page(known, form)
        try:
            with self.database.begin() as tx:
                before = _there(lock_expert(tx.session, expert_id)) if expert_id else None
                if before and request.form.get("version") != str(before.version):
                    return self.page(before, _with(form, [Flaw("", "version-stale", SOMEONE_ELSE)]), 409)
                document = typed_document(form)
                named = meetings_called(tx.session, named_meetings(document))
                details = read_expert(document, queries.vocabulary(tx.session), named)
                kept = keep_expert(tx, details, before)
        except FlawedError as error:
            return self.page(before, _with(form, error.flaws), 400)
        return redirect(url_for("organise_experts.edit", expert_id=kept.id, done="saved"), 303)

    def page(self, expert: Expert | None, form: Form, status: int = 200) -> Page:
        """The form of ``expert`` (None: of a new one)."""
        with self.database.reading() as session:
            page = render_template(
                "catalog/organise_expert.html",
                expert=expert,
                form=form,
                themes=offered(session, "theme", home_day(self.database.clock()), form.value("themes")),
                done=request.args.get("done"),
                is_preview="preview" in request.form,
            )
        return page, status


def _with(form: Form, flaws: Sequence[Flaw]) -> Form:
    return replace(form, errors=shown(flaws))


def _there(expert: Expert | None) -> Expert:
    """The expert that was looked up. Raises ``Problem`` 404."""
    if expert is None:
        raise Problem(404, "expert-unknown")
    return expert
