"""An organiser signs someone up with a form that may come twice."""

from collections.abc import Mapping
from typing import Any

from services.registration.actions.register_by_hand import IfFull, register_by_hand
from services.registration.actions.set_standing import Act
from services.registration.actions.settle import lock_meeting
from services.registration.queries.registrations import registration_by
from services.registration.rules.decision import Refused
from shared.db.transaction import Transaction


def enter_by_hand(
    tx: Transaction, meeting_id: str, person: Mapping[str, Any], act: Act, if_full: IfFull
) -> str | Refused:
    """Register ``person`` (columns, with an id that was made with the form); gives the id of the registration.

    The same id twice changes nothing. Refused as by ``register_by_hand``. Raises ``LookupError`` for an unknown
    meeting.
    """
    lock_meeting(tx, meeting_id)
    known = registration_by(tx.session, person["id"])
    if known is not None:
        return str(known.id) if known.meeting_id == meeting_id else Refused("already-registered")
    registration_id, decision = register_by_hand(tx, meeting_id, person, act, if_full)
    return decision if isinstance(decision, Refused) else str(registration_id)
