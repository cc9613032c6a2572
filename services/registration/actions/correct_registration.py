"""Everything that someone may correct about a registration in one go: all of it, or nothing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from services.registration.actions.change_details import change_details
from services.registration.actions.choose_attendance import choose_attendance
from services.registration.actions.choose_sessions import choose_sessions
from services.registration.actions.set_standing import Act
from services.registration.actions.settle import settled
from services.registration.queries.registrations import sessions_of
from services.registration.rules.decision import Refused
from services.registration.rules.opening import refuse_late
from shared.db.transaction import Transaction


@dataclass(frozen=True, kw_only=True)
class Correction:
    """What a registration is to say. ``details`` are columns; without an ``attendance`` it stays as it is."""

    details: Mapping[str, Any]
    sessions: Collection[str]
    attendance: Literal["venue", "online"] | None = None


def correct_registration(tx: Transaction, registration_id: str, wanted: Correction, act: Act) -> Refused | None:
    """Let the registration say what is ``wanted``; what it says already is left alone.

    Refused to the person, though not to an organiser, once the meeting has begun. Where this refuses, the transaction
    must not be committed. Raises ``LookupError`` for an unknown registration.
    """
    seats, _row = settled(tx, registration_id)
    if act.cause == "participant" and (refused := refuse_late(seats.opening, tx.now)):
        return refused
    change_details(tx, registration_id, wanted.details, act)
    refused = None
    if {chosen.id for chosen in sessions_of(tx.session, registration_id)} != set(wanted.sessions):
        refused = choose_sessions(tx, registration_id, wanted.sessions, replace(act, name="sessions"))
    if wanted.attendance is not None and refused is None:
        refused = choose_attendance(tx, registration_id, wanted.attendance, replace(act, name="attendance"))
    return refused
