"""Where organisers keep the words of the network: regions, target groups, themes, organisations; and venues."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from services.catalog import queries
from services.catalog.actions.keep_word import keep_word
from services.catalog.forms.flaws import shown
from services.catalog.forms.words import FORMS, KINDS_BY_PATH, OnPage, read_word, word_document, word_form
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.flaws import FlawedError
from services.catalog.rules.meeting import in_language
from services.catalog.rules.organisations import KINDS
from services.catalog.rules.references import Kind, Reference, is_region
from services.catalog.rules.slug import slug_of
from services.catalog.rules.words import PILLARS, Known, moves_rights
from shared.db.transaction import Database
from shared.i18n import N_, in_words
from shared.i18n import gettext as _
from shared.people.roles import Thing
from shared.web.access import permit, verb
from shared.web.forms import Form, read_form
from shared.web.problems import Problem

Page = tuple[str, int] | Response

NAMES: Mapping[str, str] = {
    "regions": N_("Regions"),
    "target-groups": N_("Target groups"),
    "themes": N_("Themes"),
    "organisations": N_("Organisations"),
}

_BESIDE = {"labels": "labels.nl", "emailDomains": ""}
"""The field of the page beside which a flaw of another is shown."""


def reference_pages(database: Database, addresses: Addresses) -> Blueprint:
    """The pages under ``/organise/reference``."""
    pages = Blueprint("organise_reference", __name__, url_prefix="/organise/reference")
    keeper = _Keeper(database, addresses)

    @pages.get("")
    @verb("reference.change")
    def overview() -> str:
        return render_template("catalog/organise_reference.html", kinds={path: _(name) for path, name in NAMES.items()})

    @pages.get("/<path>")
    @verb("reference.change")
    def words(path: str) -> Page:
        return keeper.words(path)

    @pages.get("/<path>/one")
    @verb("reference.change")
    def one(path: str) -> Page:
        return keeper.one(path, request.args.get("code", ""))

    @pages.post("/<path>/one")
    @verb("reference.change")
    def keep(path: str) -> Page:
        return keeper.keep(path)

    return pages


@dataclass(frozen=True)
class _Keeper:
    """The list of one kind of word, and the page of one of them; without a code, of a new one."""

    database: Database
    addresses: Addresses

    def words(self, path: str) -> Page:
        kind = _kind(path)
        if kind == "organisation":  # too many for a list: they are looked up
            return redirect(url_for("organisations.search"))
        with self.database.reading() as session:
            found = queries.references(session, kind)
        names = {word.code: in_words(word.labels) for word in found}
        return render_template(
            "catalog/organise_words.html", path=path, kind=kind, name=_(NAMES[path]), words=found, names=names
        ), 200

    def one(self, path: str, code: str) -> Page:
        with self.database.reading() as session:
            known = queries.all_references(session)
            word = known.get((_kind(path), code))
            if code and word is None:
                raise Problem(404)
            form = word_form(word, known) if word else Form({"position": str(_last(session, _kind(path)) + 1)})
            return _page(path, word, form, known)

    def keep(self, path: str) -> Page:
        """Keep what was typed; a new word's code is made of its name, unless one was typed."""
        kind = _kind(path)
        form = read_form(OnPage(), several=("parts", "pillars"))
        is_new = request.args.get("code") is None
        with self.database.reading() as session:
            known = queries.all_references(session)
        code = request.args.get("code") or form.value("code") or _new_code(kind, form.value("labels.nl"), known)
        before = known.get((kind, code))
        if not is_new and before is None:
            raise Problem(404)
        if is_new and before:
            form.refuse("code", _("This code exists already."))
            return _page(path, None, form, known, 400)
        try:
            word = read_word(kind, code, word_document(kind, form, before, known), known)
            if moves_rights(word, before):
                permit("region.merge", Thing())
            with self.database.begin() as tx:
                keep_word(tx, word, self.addresses)
        except FlawedError as error:
            flaws = [replace(flaw, name=_BESIDE.get(flaw.name, flaw.name)) for flaw in error.flaws]
            return _page(path, None if is_new else before, Form(form.typed, shown(flaws)), known, 400)
        return redirect(url_for("organise_reference.one", path=path, code=code, done="saved"), 303)


def _kind(path: str) -> Kind:
    """The kind of word at this part of an address. Raises ``Problem`` 404."""
    if path not in KINDS_BY_PATH:
        raise Problem(404)
    return KINDS_BY_PATH[path]


def _new_code(kind: Kind, name: str, known: Known) -> str:
    return slug_of(name, {code for known_kind, code in known if known_kind == kind})


def _last(session: Session, kind: Kind) -> int:
    return max((word.position for word in queries.references(session, kind)), default=0)


def _page(path: str, word: Reference | None, form: Form, known: Known, status: int = 200) -> Page:
    kind = _kind(path)
    page = render_template(
        "catalog/organise_word.html",
        path=path,
        kind=kind,
        name=_(NAMES[path]),
        word=word,
        form=form,
        asked=FORMS[kind]().fields,
        provinces=_options(each for each in known.values() if each.kind == "region" and is_region(each.code)),
        regions=_options(each for each in known.values() if each.kind == "region"),
        others=_options(
            each for each in known.values() if each.kind == kind and (word is None or each.code != word.code)
        ),
        pillars=[(code, _(name)) for code, name in PILLARS.items()],
        kinds=[(code, _(name)) for code, name in KINDS.items()],
        done=request.args.get("done"),
    )
    return page, status


def _options(words: Any) -> list[tuple[str, str]]:
    ordered: Sequence[Reference] = sorted(words, key=lambda word: (word.position, in_language(word.labels, "nl")))
    return [(word.code, in_words(word.labels)) for word in ordered]
