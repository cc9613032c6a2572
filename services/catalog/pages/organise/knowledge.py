"""Where editors keep knowledge: written in markdown with a preview, in two languages side by side."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from services.catalog import queries
from services.catalog.actions.change_knowledge import change_knowledge
from services.catalog.actions.draft_knowledge import draft_knowledge
from services.catalog.actions.publish_knowledge import publish_knowledge
from services.catalog.actions.withdraw_knowledge import withdraw_knowledge
from services.catalog.forms.flaws import shown
from services.catalog.forms.knowledge import KnowledgeForm, document_of, read_item
from services.catalog.forms.meeting_names import named_meetings
from services.catalog.forms.typed import typed_document
from services.catalog.pages.knowledge import page_address, page_number
from services.catalog.queries import Part
from services.catalog.queries.knowledge import (
    all_items,
    item_by_id,
    lock_item,
    meetings_called,
    slugs_of_meetings,
)
from services.catalog.queries.links import checked_links
from services.catalog.queries.words import offered
from services.catalog.rules.days import home_day
from services.catalog.rules.flaws import ConflictError, Flaw, FlawedError
from services.catalog.rules.knowledge import KINDS, Item, ItemDetails, lacking
from services.catalog.rules.knowledge_filters import KnowledgeFilters
from shared.db.transaction import Database, Transaction
from shared.i18n import N_
from shared.web.access import verb
from shared.web.forms import Form, filled, read_form
from shared.web.problems import Problem

SOMEONE_ELSE = N_(
    "Someone else changed this in the meantime. What you typed is still here: save again to let it count."
)

_A_PAGE = 100

Page = tuple[str, int] | Response
Act = Callable[[Transaction, Item], Item]


def organise_knowledge_pages(database: Database) -> Blueprint:
    """The pages under ``/organise/knowledge``."""
    pages = Blueprint("organise_knowledge", __name__, url_prefix="/organise/knowledge")
    editor = _Editor(database)
    pages.add_app_template_global(lacking, "lacking")

    @pages.get("")
    @verb("programme.read")
    def overview() -> str:
        number = page_number()
        with database.reading() as session:
            words = KnowledgeFilters(words=request.args.get("q", "")[:200].replace("\0", " "))
            found = all_items(session, words, Part(_A_PAGE + 1, (number - 1) * _A_PAGE))
        return render_template(
            "catalog/organise_knowledge.html",
            form=Form({"q": words.words}),
            items=found[:_A_PAGE],
            kinds=KINDS,
            next_page=page_address(number + 1) if len(found) > _A_PAGE else None,
        )

    @pages.get("/new")
    @verb("programme.change")
    def new() -> Page:
        kind = request.args.get("kind", "")
        return editor.page(None, Form({"kind": kind if kind in KINDS else KINDS[0]}))

    @pages.post("/new")
    @verb("programme.change")
    def draft() -> Page:
        return editor.draft()

    @pages.get("/<item_id>")
    @verb("programme.read")
    def edit(item_id: str) -> Page:
        item = editor.item(item_id)
        return editor.page(item, editor.form_of(item))

    @pages.post("/<item_id>")
    @verb("programme.change")
    def change(item_id: str) -> Page:
        return editor.change(item_id)

    @pages.post("/<item_id>/publication")
    @verb("programme.change")
    def publish(item_id: str) -> Page:
        return editor.act(item_id, publish_knowledge, None, "published")

    @pages.post("/<item_id>/withdrawal")
    @verb("programme.change")
    def withdraw(item_id: str) -> Page:
        return editor.act(item_id, withdraw_knowledge, None, "withdrawn")

    return pages


@dataclass(frozen=True)
class _Editor:
    """The page of one piece of knowledge: what is refused stands beside the fields, and nothing typed is lost."""

    database: Database

    def draft(self) -> Page:
        form = _read_form()
        if "preview" in request.form:
            return self.page(None, form, is_preview=True)
        try:
            with self.database.begin() as tx:
                item = draft_knowledge(tx, self._details(tx, form, None))
        except FlawedError as error:
            return self.page(None, replace(form, errors=shown(error.flaws)), 400)
        return _done(item.id, "saved")

    def change(self, item_id: str) -> Page:
        form = _read_form()
        if "preview" in request.form:
            return self.page(self.item(item_id), form, is_preview=True)

        def act(tx: Transaction, item: Item) -> Item:
            if request.form.get("version") != str(item.version):
                raise ConflictError("version-stale", SOMEONE_ELSE)
            return change_knowledge(tx, item, self._details(tx, form, item))

        return self.act(item_id, act, form, "saved")

    def act(self, item_id: str, act: Act, form: Form | None, what: str) -> Page:
        """Let ``act`` happen; the page with the errors where it cannot."""
        try:
            with self.database.begin() as tx:
                item = lock_item(tx.session, item_id)
                if item is None:
                    raise Problem(404, "knowledge-unknown")
                act(tx, item)
        except FlawedError as error:
            flaws, status = error.flaws, 400
        except ConflictError as error:
            flaws, status = (Flaw("", error.code, error.reason),), 409
        else:
            return _done(item_id, what)
        now = self.item(item_id)
        typed = (form or self.form_of(now)).typed
        return self.page(now, Form(typed, shown([replace(flaw, name=_beside(flaw.name)) for flaw in flaws])), status)

    def item(self, item_id: str) -> Item:
        """The piece of knowledge as it is now. Raises ``Problem`` 404."""
        with self.database.reading() as session:
            item = item_by_id(session, item_id)
        if item is None:
            raise Problem(404, "knowledge-unknown")
        return item

    def form_of(self, item: Item) -> Form:
        """What stands in its form: meetings by their slugs, one on each line."""
        with self.database.reading() as session:
            slugs = slugs_of_meetings(session, item.meetings)
        meetings = "\n".join(slugs[meeting_id] for meeting_id in item.meetings)
        return filled({**document_of(item), "meetings": meetings})

    def page(self, item: Item | None, form: Form, status: int = 200, *, is_preview: bool = False) -> Page:
        """The form of ``item`` (None: of a new one)."""
        kind = item.kind if item else form.value("kind")
        with self.database.reading() as session:
            page = render_template(
                "catalog/organise_knowledge_item.html",
                item=item,
                form=form,
                kind=kind if kind in KINDS else KINDS[0],
                themes=offered(session, "theme", home_day(self.database.clock()), form.value("themes")),
                link=checked_links(session, [item.url]).get(item.url) if item and item.url else None,
                is_preview=is_preview,
                done=request.args.get("done"),
            )
        return page, status

    def _details(self, tx: Transaction, form: Form, item: Item | None) -> ItemDetails:
        """What the form says. Raises ``FlawedError``."""
        document = typed_document(form)
        if item:
            document["kind"] = item.kind
        try:
            details = read_item(document, *_known(tx.session, document))
        except FlawedError as error:
            raise FlawedError([replace(flaw, name=_beside(flaw.name)) for flaw in error.flaws]) from error
        return replace(details, checked_on=self._checked_on(tx, item))

    @staticmethod
    def _checked_on(tx: Transaction, item: Item | None) -> date | None:
        """Today, if the editor looked where the link leads; else when it was looked at before."""
        if request.form.get("seenToday"):
            return home_day(tx.now)
        return item.checked_on if item else None


def _read_form() -> Form:
    """What was typed; what is wrong with it is said when it is to be saved."""
    return replace(read_form(KnowledgeForm()), errors=[])


def _known(session: Session, document: dict[str, Any]) -> tuple[Any, dict[str, str]]:
    return queries.vocabulary(session), meetings_called(session, named_meetings(document))


def _beside(name: str) -> str:
    """The field of the page beside which a flaw is shown: that in Dutch, of a text in two languages."""
    return f"{name}.nl" if name in {"title", "summary", "body"} else name


def _done(item_id: str, what: str) -> Response:
    return redirect(url_for("organise_knowledge.edit", item_id=item_id, done=what), 303)
