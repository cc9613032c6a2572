"""A person, or an organiser, corrects what a registration says besides how it stands."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import update

from services.registration.actions.set_standing import Act, Change, write_history
from services.registration.actions.settle import settle, settled
from services.registration.actions.tell_registration import tell_changed
from services.registration.queries.waiting import place_of
from services.registration.tables import registration
from shared.db.transaction import Transaction

DETAILS = frozenset(
    {
        "name",
        "organisation",
        "organisation_id",
        "language",
        "answers",
        "needs",
        "phone",
        "listed",
        "last_moment",
        "note",
    }
)
"""The columns that may be corrected. An address is not among them: it is who the person is."""

_TOLD = frozenset({"name", "organisation", "organisation_id", "language"})


def change_details(tx: Transaction, registration_id: str, details: Mapping[str, Any], act: Act) -> None:
    """Let the registration say what ``details`` (columns of ``DETAILS``) say. No difference: nothing happens.

    Who says now that they can come at the last moment may get a seat at once. Raises ``LookupError`` for an unknown
    registration, ``ValueError`` for another column.
    """
    if not details.keys() <= DETAILS:
        raise ValueError(f"not a detail: {sorted(details.keys() - DETAILS)}")
    seats, row = settled(tx, registration_id)
    changed = {name: value for name, value in details.items() if row[name] != value}
    if not changed:
        return
    tx.session.execute(update(registration).where(registration.c.id == registration_id).values(changed))
    row = {**row, **changed}
    write_history(tx, [Change(row, {"status": row["status"]}, act)])
    if changed.keys() & _TOLD:
        tell_changed(tx, row, seats, place_of(tx.session, row))
    if "last_moment" in changed:
        settle(tx, seats)
