"""One's own profile: made, changed, and gone when one leaves."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.actions.come_back import come_back
from services.registration.actions.keep_profile import keep_profile
from services.registration.actions.leave_network import leave_network
from services.registration.forms.network import (
    OPENED_TO,
    JoinForm,
    ProfileForm,
    Words,
    as_typed,
    profile_said,
    words_known,
)
from services.registration.lists.words import spoken
from services.registration.pages.asked import organisation_options
from services.registration.pages.network import members_pages, own_profile, signed_in, to_start
from services.registration.queries.network import last_part_of, profile_of
from services.registration.queries.references import region_of
from services.registration.rules.consents import newest_version, words_of
from shared.db.transaction import Database
from shared.i18n import gettext as _
from shared.people.pseudonyms import Pseudonyms
from shared.web.access import PERSON_SIGN_IN_PAGE, verb
from shared.web.forms import Form, filled, read_form
from shared.web.problems import Problem


def network_profile_pages(database: Database, pseudonyms: Pseudonyms) -> Blueprint:
    """``/network/profile`` and ``/network/leaving``; ``pseudonyms`` tell who was erased and comes back."""
    pages = members_pages("network_profile")

    @pages.get("/network/profile")
    @verb("network.use", sign_in=PERSON_SIGN_IN_PAGE)
    def profile() -> Any:
        with database.reading() as session:
            mine = profile_of(session, signed_in())
            form = filled(as_typed(mine) if mine else _begun(session, _may_join(session)))
            return _page(session, form, words_known(session), mine)

    @pages.post("/network/profile")
    @verb("network.use", sign_in=PERSON_SIGN_IN_PAGE)
    def keep() -> Any:
        with database.reading() as session:
            mine, words = profile_of(session, signed_in()), words_known(session)
            email = mine.email if mine else _may_join(session).email
            form = read_form(ProfileForm(words) if mine else JoinForm(words))
            if form.loaded is None:
                return _page(session, form, words, mine), 400
        with database.begin() as tx:
            if mine is None:
                come_back(tx, signed_in(), pseudonyms.all_of(signed_in()))
            keep_profile(tx, signed_in(), email, profile_said(form.loaded))
        return redirect(url_for("network.start"), 303)

    @pages.get("/network/leaving")
    @verb("network.use", sign_in=PERSON_SIGN_IN_PAGE)
    def sure() -> Any:
        with database.reading() as session:
            own_profile(session)
        return render_template("registration/network_leaving.html")

    @pages.post("/network/leaving")
    @verb("network.use", sign_in=PERSON_SIGN_IN_PAGE)
    def leave() -> Any:
        with database.begin() as tx:
            leave_network(tx, own_profile(tx.session).id)
        return to_start()

    return pages


def _may_join(session: Session) -> Row[Any]:
    """The last registration of who is signed in. Raises ``Problem`` 403 for who never had a seat at a meeting."""
    last = last_part_of(session, signed_in())
    if last is None:
        raise Problem(403)
    return last


def _begun(session: Session, last: Row[Any]) -> dict[str, Any]:
    """What a profile begins with: what the last registration says. To whom it is open, and that it is, they choose."""
    return {
        "name": last.name,
        "organisation": last.organisation,
        "targetGroup": last.target_group,
        "region": region_of(session, last.organisation_id) if last.organisation_id else None,
    }


def _page(session: Session, form: Form, words: Words, mine: Row[Any] | None) -> str:
    return render_template(
        "registration/network_profile.html",
        form=form,
        words=words,
        organisations=organisation_options(session),
        opened_to=spoken(OPENED_TO).items(),
        joins=mine is None,
        agreed=_(words_of("network", newest_version("network"))),
    )
