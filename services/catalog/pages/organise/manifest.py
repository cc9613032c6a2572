"""Where editors keep the manifests: what each says, and the page with all that is to be done with it."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.catalog.actions.keep_manifest import keep_manifest
from services.catalog.forms.manifests import ManifestForm
from services.catalog.forms.signatures import COLUMNS
from services.catalog.pages.organise.knowledge import SOMEONE_ELSE
from services.catalog.queries import Part
from services.catalog.queries.manifests import (
    SignatoryFilter,
    lock_manifest,
    manifest_by_slug,
    manifests,
    signatories,
)
from services.catalog.queries.organisations import organisations_by_code
from services.catalog.rules.days import home_day
from services.catalog.rules.manifests import Manifest
from services.catalog.rules.organisations import KINDS, is_there
from shared.db.transaction import Database, Transaction
from shared.i18n import gettext as _
from shared.i18n import in_words
from shared.web.access import verb
from shared.web.forms import Form, filled, read_form
from shared.web.problems import Problem

Page = tuple[str, int] | Response

_ALL = Part(100_000)


def organise_manifest_pages(database: Database) -> Blueprint:
    """The pages under ``/organise/manifest``."""
    pages = Blueprint("organise_manifest", __name__, url_prefix="/organise/manifest")
    shown = ManifestPage(database)

    @pages.get("")
    @verb("programme.change")
    def overview() -> str:
        with database.reading() as session:
            return render_template("catalog/organise_manifests.html", manifests=manifests(session))

    @pages.get("/new")
    @verb("programme.change")
    def new() -> str:
        return render_template("catalog/organise_manifest_new.html", form=Form(), is_preview=False)

    @pages.post("/new")
    @verb("programme.change")
    def make() -> Page:
        form = read_form(ManifestForm())
        if "preview" in request.form:
            return render_template("catalog/organise_manifest_new.html", form=Form(form.typed), is_preview=True), 200
        if form.loaded is None:
            return render_template("catalog/organise_manifest_new.html", form=form, is_preview=False), 400
        with database.begin() as tx:
            slug = keep_manifest(tx, None, form.loaded)
        return done(slug, "saved")

    @pages.get("/<slug>")
    @verb("programme.change")
    def edit(slug: str) -> Page:
        return shown.page(slug, 200)

    @pages.post("/<slug>")
    @verb("programme.change")
    def change(slug: str) -> Page:
        return shown.change(slug)

    return pages


@dataclass(frozen=True)
class ManifestPage:
    """The page of one manifest with its three forms: what it says, one signature, a file with many."""

    database: Database

    def change(self, slug: str) -> Page:
        """Save what was typed of it, or show how that reads; refused where someone else changed it meanwhile."""
        form = read_form(ManifestForm())
        if "preview" in request.form:
            return self.page(slug, 200, form=Form(form.typed))
        if form.loaded is None:
            return self.page(slug, 400, form=form)
        with self.database.begin() as tx:
            manifest = locked(tx, slug)
            is_stale = request.form.get("version") != manifest.changed_at.isoformat()
            if not is_stale:
                keep_manifest(tx, manifest, form.loaded)
        if is_stale:
            form.refuse("", _(SOMEONE_ELSE))
            return self.page(slug, 409, form=form)
        return done(slug, "saved")

    def page(
        self,
        slug: str,
        status: int,
        *,
        form: Form | None = None,
        signing: Form | None = None,
        reading: Form | None = None,
    ) -> Page:
        """As it is now; a form that is given was refused. Raises ``Problem`` 404."""
        today = home_day(self.database.clock())
        with self.database.reading() as session:
            manifest = known(manifest_by_slug(session, slug))
            there = [each for each in organisations_by_code(session).values() if is_there(each, today)]
            page = render_template(
                "catalog/organise_manifest.html",
                manifest=manifest,
                form=form or _filled(manifest),
                signing=signing or filled({"signedOn": today.isoformat()}),
                reading=reading or Form(),
                signatories=signatories(session, manifest.id, SignatoryFilter(None), _ALL),
                names=[in_words(each.labels) for each in there],
                kinds=KINDS,
                columns=COLUMNS,
                is_preview="preview" in request.form,
                done=request.args.get("done"),
                updated_on=home_day(manifest.changed_at),
            )
        return page, status


def locked(tx: Transaction, slug: str) -> Manifest:
    """The manifest, locked until the end of the transaction. Raises ``Problem`` 404."""
    return known(lock_manifest(tx.session, slug))


def known(manifest: Manifest | None) -> Manifest:
    """The manifest; raises ``Problem`` 404 for None."""
    if manifest is None:
        raise Problem(404)
    return manifest


def done(slug: str, what: str) -> Response:
    """Back to the page of the manifest, which says ``what`` was done."""
    return redirect(url_for("organise_manifest.edit", slug=slug, done=what), 303)


def _filled(manifest: Manifest) -> Form:
    days = {"startsOn": manifest.starts_on.isoformat()}
    if manifest.ends_on:
        days["endsOn"] = manifest.ends_on.isoformat()
    return filled({"title": manifest.title, "text": manifest.text, **days})
