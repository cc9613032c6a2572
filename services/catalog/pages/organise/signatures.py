"""Where editors note who signed a manifest: one by one or from a file; and who withdrew."""

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from services.catalog import queries
from services.catalog.actions.sign_manifest import sign_manifest, withdraw_signature
from services.catalog.forms.flaws import shown
from services.catalog.forms.manifests import SignatureForm, WithdrawalForm, signature_in
from services.catalog.forms.signatures import read_signatures
from services.catalog.pages.organise.manifest import ManifestPage, Page, done, known, locked
from services.catalog.queries.manifests import all_signatures, manifest_by_slug
from services.catalog.rules.days import home_day
from services.catalog.rules.flaws import Flaw, FlawedError
from services.catalog.rules.manifests import Manifest, Signature
from shared.db.transaction import Database
from shared.i18n import in_words
from shared.web.access import verb
from shared.web.forms import Form, filled, read_form
from shared.web.problems import Problem


def organise_signature_pages(database: Database) -> Blueprint:
    """``…/signatures``, ``…/signatures/one`` and ``…/file`` below a manifest."""
    pages = Blueprint("organise_signatures", __name__, url_prefix="/organise/manifest/<slug>")
    manifest_page = ManifestPage(database)

    @pages.post("/signatures")
    @verb("programme.change")
    def sign(slug: str) -> Page:
        form = read_form(SignatureForm())
        if form.loaded is None:
            return manifest_page.page(slug, 400, signing=form)
        try:
            with database.begin() as tx:
                manifest = locked(tx, slug)
                sign_manifest(tx, manifest, [signature_in(tx.session, form.loaded)])
        except FlawedError as error:
            return manifest_page.page(slug, 400, signing=_refused(form, error.flaws))
        return done(slug, "signed")

    @pages.post("/file")
    @verb("programme.change")
    def read_file(slug: str) -> Page:
        sent = request.files.get("file")
        try:
            with database.begin() as tx:
                manifest = locked(tx, slug)
                sign_manifest(tx, manifest, read_signatures(tx.session, sent.read() if sent else b""))
        except FlawedError as error:
            beside = [replace(flaw, name="file") for flaw in error.flaws]
            return manifest_page.page(slug, 400, reading=Form(errors=shown(beside)))
        return done(slug, "read")

    @pages.get("/signatures/one")
    @verb("programme.change")
    def signature(slug: str) -> Page:
        return _withdrawal(database, slug, filled({"withdrawnOn": home_day(database.clock()).isoformat()}), 200)

    @pages.post("/signatures/one")
    @verb("programme.change")
    def withdraw(slug: str) -> Page:
        form = read_form(WithdrawalForm())
        if form.loaded is None:
            return _withdrawal(database, slug, form, 400)
        try:
            with database.begin() as tx:
                manifest = locked(tx, slug)
                signed = _asked(tx.session, manifest)
                withdraw_signature(tx, manifest, signed, form.loaded["withdrawn_on"])
        except FlawedError as error:
            return _withdrawal(database, slug, _refused(form, error.flaws), 400)
        return done(slug, "withdrawn")

    return pages


def _withdrawal(database: Database, slug: str, form: Form, status: int) -> Page:
    """The page where a signature is withdrawn. Raises ``Problem`` 404."""
    with database.reading() as session:
        manifest = known(manifest_by_slug(session, slug))
        signed = _asked(session, manifest)
        organisation = queries.organisation(session, signed.organisation or "")
    name = in_words(organisation.labels) if organisation else signed.name
    page = render_template("catalog/organise_signature.html", manifest=manifest, signed=signed, name=name, form=form)
    return page, status


def _asked(session: Session, manifest: Manifest) -> Signature:
    """The signature that the address or the form names. Raises ``Problem`` 404."""
    found = all_signatures(session, manifest.id).get(request.values.get("signatory", ""))
    if found is None:
        raise Problem(404)
    return found


def _refused(form: Form, flaws: Sequence[Flaw]) -> Form:
    """What was typed, with the flaws of this one signature beside its fields."""
    return replace(form, errors=shown([replace(flaw, name=flaw.name.removeprefix("0.")) for flaw in flaws]))
