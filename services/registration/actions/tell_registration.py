"""Say how a registration stands now, in the event that fits its state."""

from collections.abc import Mapping
from typing import Any

from shared.db.transaction import Transaction
from shared.events.registration import (
    Person,
    Registration,
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationRepeated,
    RegistrationWaitlisted,
)

Place = tuple[int, int]
"""Where someone waits, 1…n: on the whole list, and among their own target group."""

_SAID_AS = {
    "confirmed": RegistrationConfirmed,
    "waitlisted": RegistrationWaitlisted,
    "cancelled": RegistrationCancelled,
}


def tell_registration(tx: Transaction, row: Mapping[str, Any], revision: int, place: Place | None = None) -> None:
    """Publish the state of the registration in ``row``, decided on this revision of its meeting."""
    tx.publish(_SAID_AS[row["status"]](registration=_facts(row, revision, place)))


def tell_repeated(tx: Transaction, row: Mapping[str, Any], revision: int, place: Place | None = None) -> None:
    """Publish that someone signed up with the address of ``row`` once more."""
    tx.publish(RegistrationRepeated(registration=_facts(row, revision, place)))


def _facts(row: Mapping[str, Any], revision: int, place: Place | None) -> Registration:
    whole, own_group = place or (None, None)
    return Registration(
        id=row["id"],
        meeting_id=row["meeting_id"],
        meeting_revision=revision,
        person=Person(name=row["name"], email=row["email"], language=row["language"]),
        target_group=row["target_group"],
        status=row["status"],
        cause=row["cause"],
        link_version=row["link_version"],
        kind=row["kind"],
        attendance=row["attendance"],
        organisation=row["organisation"],
        organisation_id=row["organisation_id"],
        place=whole,
        place_in_group=own_group,
        invitation_id=row["invitation_id"],
        asked_at=row["asked_at"],
    )
