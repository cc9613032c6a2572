"""Talks for two: ask somebody of the network, and all that one asked or was asked."""

from typing import Any

from flask import redirect, render_template, request, url_for

from services.registration.actions.ask_to_spar import ask_to_spar
from services.registration.forms.network import words_known
from services.registration.forms.sparring import WishForm, why_not, wish_in
from services.registration.pages.looks import count_looks
from services.registration.pages.network import members_pages, own_profile
from services.registration.pages.network_people import visible_or_404
from services.registration.queries.sparring import pairs_of, talk_of
from services.registration.rules.sparring import MINUTES
from shared.db.transaction import Database
from shared.i18n import gettext as _
from shared.web.access import PERSON_SIGN_IN_PAGE, verb
from shared.web.forms import Form, filled, read_form


def sparring_pages(database: Database) -> Any:
    """``/network/sparring``, and ``/network/people/{id}/sparring``."""
    pages = members_pages("sparring")

    @pages.get("/network/sparring")
    @verb("network.use", sign_in=PERSON_SIGN_IN_PAGE)
    def mine() -> str:
        now = database.clock()
        with database.reading() as session:
            viewer = own_profile(session)
            pairs = [
                (pair, "asker" if pair.row.asker_id == viewer.id else "asked") for pair in pairs_of(session, viewer)
            ]
        return render_template(
            "registration/sparring_mine.html",
            talks=[(pair, side, talk_of(pair.row)) for pair, side in pairs],
            now=now,
            asked=request.args.get("asked") == "1",
        )

    @pages.get("/network/people/<profile_id>/sparring")
    @verb("network.use", sign_in=PERSON_SIGN_IN_PAGE)
    def ask_form(profile_id: str) -> str:
        return page(profile_id, filled({"minutes": "30"}))

    @pages.post("/network/people/<profile_id>/sparring")
    @verb("network.use", sign_in=PERSON_SIGN_IN_PAGE)
    def ask(profile_id: str) -> Any:
        form = read_form(WishForm(database.clock()))
        if form.loaded is None:
            return page(profile_id, form), 400
        with database.begin() as tx:
            viewer = own_profile(tx.session)
            refused = ask_to_spar(tx, viewer, visible_or_404(tx.session, viewer, profile_id), wish_in(form.loaded))
        if refused:
            form.refuse("", why_not(refused))
            return page(profile_id, form), 400
        return redirect(url_for("sparring.mine", asked=1), 303)

    def page(profile_id: str, form: Form) -> str:
        with database.reading() as session:
            viewer = own_profile(session)
            other = visible_or_404(session, viewer, profile_id)
            words = words_known(session)
        count_looks(viewer.address_key, 1)
        lengths = [(str(each), _("%(minutes)s minutes", minutes=each)) for each in MINUTES]
        return render_template(
            "registration/sparring_ask.html", other=other, words=words, form=form, lengths_in_words=lengths
        )

    return pages
