"""Who may do what: programme managers see it, and give and end the roles of people who sign in by mail.

Giving and ending are looked at once more before they are done. Where an identity provider says who has which role, that
is shown, and changed there.
"""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.actions.keep_organisers import keep_organiser, remove_organiser
from services.registration.forms.network import words_known
from services.registration.forms.organisers import ROLES, ROLES_OF_PEOPLE, GiveForm
from services.registration.issuers.provider import Provider
from services.registration.queries.access import (
    doors_with_helpers,
    organiser_by,
    organiser_with,
    people_from_issuers,
    people_with_a_role,
)
from services.registration.queries.references import references
from services.registration.rules.addresses import address_key
from shared.db.transaction import Database
from shared.i18n import gettext as _
from shared.i18n import in_words
from shared.web.access import current_actor, verb
from shared.web.forms import Form, filled, read_form
from shared.web.problems import Problem
from shared.web.record import on_record


def roles_pages(database: Database, providers: Mapping[int, Provider], *, mails_links: bool) -> Blueprint:
    """``/roles``. Without ``mails_links`` a role that is given here opens nothing, so none is given."""
    pages = Blueprint("roles", __name__)
    issuers = {each.issuer.url: each.issuer.name for each in providers.values()}

    def page(form: Form) -> str:
        with database.reading() as session:
            return render_template(
                "registration/roles.html",
                people=people_with_a_role(session),
                elsewhere=people_from_issuers(session),
                issuers=issuers,
                doors=[(door, in_words(door.title)) for door in doors_with_helpers(session, database.clock())],
                form=form,
                mails_links=mails_links,
                own_id=_by(),
                **_words(session),
            )

    @pages.get("/roles")
    @on_record("roles.read")
    @verb("roles.change")
    def all_roles() -> str:
        return page(filled({}))

    @pages.post("/roles")
    @verb("roles.change")
    def give() -> Any:
        if not mails_links:
            raise Problem(404)
        with database.reading() as session:
            form = read_form(GiveForm(words_known(session).regions.keys()))
            known = organiser_with(session, address_key(form.loaded["email"])) if form.loaded else None
            if known is not None and known.id == _by():
                form.refuse("email", _("This is your own role. Ask another programme manager to change it."))
            if form.ok and "confirmed" not in request.form and "edit" not in request.form:
                return render_template("registration/role_given.html", form=form, known=known, **_words(session))
        if form.loaded is None or not form.ok or "edit" in request.form:
            return page(form), 200 if form.ok else 400
        email, role = form.loaded["email"], form.loaded["role"]
        regions = form.loaded["regions"] if role == "organiser" else ()
        with database.begin() as tx:
            keep_organiser(tx, email, role, regions, by=_by())
        return redirect(url_for("roles.all_roles", done="given"), 303)

    @pages.get("/roles/<organiser_id>/ending")
    @on_record("roles.read")
    @verb("roles.change")
    def ending(organiser_id: str) -> str:
        with database.reading() as session:
            person = _another_or_404(session, organiser_id)
            return render_template("registration/role_ended.html", person=person, **_words(session))

    @pages.post("/roles/<organiser_id>/ending")
    @verb("roles.change")
    def end(organiser_id: str) -> Any:
        with database.begin() as tx:
            remove_organiser(tx, _another_or_404(tx.session, organiser_id).email, _by())
        return redirect(url_for("roles.all_roles", done="ended"), 303)

    return pages


def _by() -> str:
    return current_actor().id or ""


def _another_or_404(session: Session, organiser_id: str) -> Row[Any]:
    """Somebody else with a role: nobody ends their own, so a programme manager is always left. Raises ``Problem``."""
    person = organiser_by(session, organiser_id)
    if person is None:
        raise Problem(404)
    if person.id == _by():
        raise Problem(409, detail=_("This is your own role. Ask another programme manager to change it."))
    return person


def _words(session: Session) -> Mapping[str, Any]:
    """What roles and regions are called: also regions that ended, which somebody may still have."""
    return {
        "roles": {role: _(words) for role, words in ROLES.items()},
        "offered": [(role, _(ROLES[role])) for role in ROLES_OF_PEOPLE],
        "regions": words_known(session).regions,
        "all_regions": {row.code: in_words(row.labels) for row in references(session, "region")},
    }
