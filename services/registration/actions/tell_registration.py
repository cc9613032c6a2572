"""Say how a registration stands now, in the event that fits its state."""

from collections.abc import Callable, Mapping
from typing import Any

from services.registration.queries.registrations import sessions_of
from services.registration.queries.seats import Seats
from shared.db.transaction import Transaction
from shared.events.registration import (
    Person,
    Registration,
    RegistrationCancelled,
    RegistrationChanged,
    RegistrationConfirmed,
    RegistrationDeclined,
    RegistrationExpired,
    RegistrationOffered,
    RegistrationRejected,
    RegistrationRepeated,
    RegistrationRequested,
    RegistrationUnconfirmed,
    RegistrationWaitlisted,
)

Place = tuple[int, int]
"""Where someone waits, 1…n: on the whole list, and among their own target group."""

_SAID_AS: Mapping[str, Callable[..., object]] = {
    "unconfirmed": RegistrationUnconfirmed,
    "requested": RegistrationRequested,
    "confirmed": RegistrationConfirmed,
    "waitlisted": RegistrationWaitlisted,
    "offered": RegistrationOffered,
    "declined": RegistrationDeclined,
    "expired": RegistrationExpired,
    "cancelled": RegistrationCancelled,
}


def tell_registration(tx: Transaction, row: Mapping[str, Any], seats: Seats, place: Place | None = None) -> None:
    """Publish the state of the registration in ``row``, decided on what ``seats`` say of its meeting."""
    tx.publish(_SAID_AS.get(row["status"], RegistrationChanged)(registration=_facts(tx, row, seats, place)))


def tell_changed(tx: Transaction, row: Mapping[str, Any], seats: Seats, place: Place | None = None) -> None:
    """Publish that something else than its state changed."""
    tx.publish(RegistrationChanged(registration=_facts(tx, row, seats, place)))


def tell_rejected(tx: Transaction, row: Mapping[str, Any], seats: Seats, reason: str) -> None:
    """Publish that an organiser decided against it, with the reason for the person."""
    tx.publish(RegistrationRejected(registration=_facts(tx, row, seats, None), reason=reason))


def tell_repeated(tx: Transaction, row: Mapping[str, Any], seats: Seats, place: Place | None = None) -> None:
    """Publish that someone signed up with the address of ``row`` once more."""
    tx.publish(RegistrationRepeated(registration=_facts(tx, row, seats, place)))


def _facts(tx: Transaction, row: Mapping[str, Any], seats: Seats, place: Place | None) -> Registration:
    whole, own_group = place or (None, None)
    return Registration(
        id=row["id"],
        meeting_id=row["meeting_id"],
        meeting_revision=seats.revision,
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
        offer_until=row["offer_until"],
        invitation_id=row["invitation_id"],
        asked_at=row["asked_at"],
        companion=row["companion"],
        waits_for=row["waits_for"],
        queue_number=row["queue_number"],
        sessions=sessions_of(tx.session, row["id"]) if seats.sessions else (),
        passed_on=row.get("passed_on", False),
        handed_over=row.get("handed_over", False),
        **(row.get("said_once") or {}),
    )
