"""Where someone works, as the form asks it: read from the address where that tells, asked beside the field else."""

from sqlalchemy.orm import Session

from services.registration.queries.references import organisation_of_domain
from services.registration.rules.addresses import BadAddressError, address_key
from shared.i18n import N_, _
from shared.web.forms import Form

GUESS = "guess"
"""The hidden field of a form that did not ask for the organisation, because the address may tell it."""

_WHERE = N_("We cannot see from your e-mail address where you work. Fill it in here; you may also leave it empty.")


def ask_workplace(session: Session, form: Form) -> None:
    """Ask where someone works, once, if neither the form nor the address tells: beside the field, nothing is lost."""
    if not form.value(GUESS) or form.value("organisation"):
        return
    try:
        key = address_key(form.value("email"))
    except BadAddressError:
        return
    if organisation_of_domain(session, key) is None:
        form.typed[GUESS], form.loaded = "", None
        form.refuse("organisation", _(_WHERE))
