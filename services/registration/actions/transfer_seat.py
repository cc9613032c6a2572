"""Hand a seat over to a colleague: proposed by the one, accepted by the other; only then it changes hands."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import select, update

from services.registration.actions.add_registration import add_registration, fresh_row
from services.registration.actions.set_standing import Act, Change, set_standings, write_history
from services.registration.actions.settle import settle, settled
from services.registration.queries.references import organisation_of_domain
from services.registration.queries.registrations import registered
from services.registration.queries.seats import Seats
from services.registration.queries.waiting import waiting_before
from services.registration.rules.choices import refuse_hand_over
from services.registration.rules.decision import Refused, Seat
from services.registration.rules.opening import refuse_role
from services.registration.rules.standing import HOLDS_SEAT, holds
from services.registration.rules.waiting import Line, decide
from services.registration.tables import session_seat, transfer
from shared.db.transaction import Transaction, new_id
from shared.events.registration import Person, TransferProposed


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Who is to have the seat; no ``target_group`` means the same role."""

    name: str
    email: str
    address_key: str
    target_group: str | None = None
    language: Literal["nl", "en"] = "nl"


def propose_transfer(tx: Transaction, registration_id: str, to: Colleague, act: Act) -> str | Refused:
    """Ask a colleague to take a seat over; gives the id of the proposal. An earlier one is withdrawn.

    Refused for who holds no confirmed seat, from the start on, for a role that is not welcome, and for a colleague of
    another organisation unless the meeting allows it. Whether the colleague is registered already is not said. Raises
    ``LookupError`` for an unknown registration.
    """
    seats, row = settled(tx, registration_id)
    if refused := refuse_hand_over(row["status"], seats.opening, tx.now):
        return refused
    if to.target_group and (refused := refuse_role(seats.opening, to.target_group)):
        return refused
    if not (seats.terms.transfer_anyone or _are_colleagues(tx, row, to.address_key)):
        return Refused("other-organisation")
    _withdraw(tx, registration_id)
    proposal = {
        "id": new_id(),
        "registration_id": registration_id,
        "name": to.name,
        "email": to.email,
        "address_key": to.address_key,
        "organisation": row["organisation"],
        "organisation_id": row["organisation_id"],
        "target_group": to.target_group or row["target_group"],
        "language": to.language,
        "status": "pending",
        "version": 1,
        "proposed_at": tx.now,
    }
    tx.session.execute(transfer.insert(), proposal)
    write_history(tx, [Change(row, {"status": row["status"]}, act)])
    tx.publish(
        TransferProposed(
            id=proposal["id"],
            version=1,
            registration_id=registration_id,
            meeting_id=seats.meeting_id,
            to=Person(name=to.name, email=to.email, language=to.language),
            by_name=row["name"],
            valid_until=seats.opening.starts_at,
            target_group=proposal["target_group"],
        )
    )
    return str(proposal["id"])


def accept_transfer(tx: Transaction, transfer_id: str) -> Refused | str:
    """Let the colleague have the seat, in one transaction; gives the id of the colleague's registration.

    The same role keeps the seat, even where the meeting is over its plan; another role goes through the seat rule
    first. Accepting twice gives the same. Refused, and the first keeps the seat, where the proposal does not stand any
    more, the colleague has a seat already, or the rule has none for the other role. Raises ``LookupError`` for an
    unknown proposal.
    """
    proposal = tx.session.execute(select(transfer).where(transfer.c.id == transfer_id)).one_or_none()
    if proposal is None:
        raise LookupError(f"no transfer {transfer_id}")
    seats, giver = settled(tx, proposal.registration_id)
    status = tx.session.scalar(select(transfer.c.status).where(transfer.c.id == transfer_id))
    before = next(iter(registered(tx.session, seats.meeting_id, [proposal.address_key])), None)
    if status == "accepted" and before is not None:
        return str(before.id)
    if status != "pending" or refuse_hand_over(giver["status"], seats.opening, tx.now):
        return Refused("transfer-over")
    if before is not None and before.status in HOLDS_SEAT:
        return Refused("already-registered")
    if refused := _refuse_other_role(tx, seats, giver, proposal.target_group):
        return refused
    tx.session.execute(update(transfer).where(transfer.c.id == transfer_id).values(status="accepted"))
    receiver = before._asdict() if before is not None else None
    if receiver is None:
        seats, receiver = fresh_row(tx, seats, _person(proposal, giver))
        add_registration(tx, receiver)
    _hand_over(tx, seats, giver, receiver, proposal.target_group)
    return str(receiver["id"])


def withdraw_transfer(tx: Transaction, registration_id: str, act: Act) -> None:
    """Let no proposal to take over this seat stand any more; without one, nothing happens.

    Raises ``LookupError`` for an unknown registration.
    """
    _, row = settled(tx, registration_id)
    if _withdraw(tx, registration_id):
        write_history(tx, [Change(row, {"status": row["status"]}, act)])


def _withdraw(tx: Transaction, registration_id: str) -> bool:
    """Whether there was a proposal to withdraw."""
    pending = (transfer.c.registration_id == registration_id, transfer.c.status == "pending")
    withdrawn = update(transfer).where(*pending).values(status="withdrawn").returning(transfer.c.id)
    return bool(tx.session.scalars(withdrawn).all())


def _hand_over(
    tx: Transaction, seats: Seats, giver: Mapping[str, Any], receiver: Mapping[str, Any], group: str
) -> None:
    """The sessions go along, but for those that the colleague chose already."""
    own = select(session_seat.c.session_id).where(session_seat.c.registration_id == receiver["id"])
    handed = (session_seat.c.registration_id == giver["id"], session_seat.c.session_id.not_in(own))
    tx.session.execute(update(session_seat).where(*handed).values(registration_id=receiver["id"]))
    act = Act(name="hand-over", cause="participant", by="participant")
    place = {"status": "confirmed", "attendance": giver["attendance"], "target_group": group}
    changes = [
        Change(giver, {"status": "cancelled", "handed_over": True}, act),
        Change(receiver, {**place, "override_reason": giver["override_reason"]}, act),
    ]
    settle(tx, set_standings(tx, seats, changes))


def _refuse_other_role(tx: Transaction, seats: Seats, giver: Mapping[str, Any], group: str) -> Refused | None:
    held = holds(giver["status"], giver["kind"], giver["attendance"], mixed=seats.mixed)
    if group == giver["target_group"] or held != "seat":
        return None
    without = Counter(seats.taken) - Counter([giver["target_group"]])
    line = Line.of(waiting_before(tx.session, seats, seats.queue_number + 1))
    decision = decide(seats.plan, without, line, group, tx.now)
    return None if isinstance(decision, Seat) else Refused("full")


def _are_colleagues(tx: Transaction, row: Mapping[str, Any], address_key: str) -> bool:
    """Whether the address is of the same organisation: the same domain, or one of that organisation's."""
    own = (row["address_key"] or "").rpartition("@")[2]
    if own and own == address_key.rpartition("@")[2]:
        return True
    return row["organisation_id"] is not None and row["organisation_id"] == organisation_of_domain(
        tx.session, address_key
    )


def _person(proposal: Any, giver: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": proposal.name,
        "email": proposal.email,
        "address_key": proposal.address_key,
        "organisation": proposal.organisation,
        "organisation_id": proposal.organisation_id,
        "target_group": proposal.target_group,
        "language": proposal.language,
        "attendance": giver["attendance"],
        "kind": giver["kind"],
    }
