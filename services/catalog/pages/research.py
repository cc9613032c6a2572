"""Withdraw the consent to be approached for research: by the link that came with it, or by typing the address."""

from flask import Blueprint, render_template

from services.catalog.actions.consent_to_research import withdraw_address, withdraw_consent
from services.catalog.forms.feedback import AddressForm
from services.catalog.pages.feedback import RESEARCH, is_allowed
from shared.db.transaction import Database
from shared.i18n import gettext as _
from shared.people.links import BadLink, Links
from shared.release import RELEASED_ON
from shared.web.access import verb
from shared.web.forms import Form, read_form
from shared.web.problems import Problem

Page = tuple[str, int]


def research_pages(database: Database, links: Links) -> Blueprint:
    """``/feedback/research`` and ``/feedback/research/{token}``."""
    pages = Blueprint("research", __name__, url_prefix="/feedback/research")

    @pages.get("")
    @verb("page.read")
    def by_address() -> str:
        return _page(Form())

    @pages.post("")
    @verb("feedback.withdraw")
    def withdraw() -> Page:
        """The answer is the same whether we had the address or not."""
        form = read_form(AddressForm())
        if form.loaded is None or not is_allowed(RESEARCH, form):
            return _page(form), 429 if form.loaded else 400
        with database.begin() as tx:
            withdraw_address(tx, form.loaded["email"].lower())
        return _page(Form(), withdrawn=True), 200

    @pages.get("/<token>")
    @verb("feedback.withdraw")
    def look(token: str) -> str:
        _contact(links, token)
        return _page(Form(), token)

    @pages.post("/<token>")
    @verb("feedback.withdraw")
    def withdraw_by_link(token: str) -> str:
        with database.begin() as tx:
            withdraw_consent(tx, _contact(links, token))
        return _page(Form(), withdrawn=True)

    return pages


def _page(form: Form, token: str | None = None, *, withdrawn: bool = False) -> str:
    return render_template("catalog/research.html", form=form, withdrawn=withdrawn, token=token, updated_on=RELEASED_ON)


def _contact(links: Links, token: str) -> str:
    """Whose consent a link withdraws; it works as often as it is used. Raises ``Problem`` 404."""
    try:
        return links.read(token, RESEARCH).subject
    except BadLink as error:
        detail = _("You can also withdraw your consent by typing your address.")
        raise Problem(404, title=_("This link does not work"), detail=detail) from error
