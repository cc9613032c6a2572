"""What a person's calendar answered: it takes the offered seat, signs up, or frees the seat (calendar rules 20, 21).

Freeing a seat and giving it to the next is one transaction, as with every act that frees one.
"""

from collections.abc import Mapping
from typing import Any, Literal

from sqlalchemy import Row, text

from services.registration.actions.set_standing import Act, Change, set_standings
from services.registration.actions.settle import given_up, lock_meeting, settle, settled_meeting
from services.registration.actions.sign_up import sign_up
from services.registration.queries.meetings import meeting_by
from services.registration.queries.references import workplace
from services.registration.queries.registrations import registered, registration_by
from services.registration.queries.seats import Seats, seats_of
from services.registration.rules.addresses import address_key
from services.registration.rules.decision import Refused
from services.registration.rules.opening import refuse_late
from services.registration.rules.sign_ups import Answered, SignUp
from services.registration.rules.standing import is_registered
from services.registration.tables import registration
from shared.bus.handling import WaitFor
from shared.db.transaction import Transaction
from shared.events.notifications import Reply
from shared.events.registration import AcceptanceRefused

Choice = Literal["accepted", "tentative", "declined"]

_GIVES_UP = {"confirmed": ("cancel", "cancelled"), "offered": ("decline", "declined")}
"""Who can decline: what they do then, and how they stand after it."""

_LONGEST_WAIT = "500ms"  # shorter than PostgreSQL's deadlock_timeout: a person at a page is never the one who gives way


def take_reply(tx: Transaction, reply: Reply, choice: Choice) -> None:
    """Do what ``choice`` asks for, once; an answer from before the person asked (again) for this seat does nothing.

    Raises ``WaitFor`` before the meeting is known.
    """
    _hold(tx, reply.meeting_id)
    meeting = meeting_by(tx.session, reply.meeting_id)
    if meeting is None:
        raise WaitFor("meeting", reply.meeting_id)
    row = _registration(tx, reply)
    if row is None:
        if choice == "accepted" and reply.registration_id is None:
            _join(tx, reply, _newcomer(tx, reply))
    elif _is_stale(row._asdict(), reply):
        return
    elif choice == "accepted":
        _accept(tx, reply, seats_of(meeting), row._asdict())
    elif choice == "declined":
        _decline(tx, row._asdict())
    _remember(tx, reply, choice)


def _registration(tx: Transaction, reply: Reply) -> Row[Any] | None:
    """Whose answer it is; who was invited without being signed up may be so by now."""
    if reply.registration_id:
        return registration_by(tx.session, reply.registration_id)
    key = _newcomer_key(reply)
    return next((row for row in registered(tx.session, reply.meeting_id, {key}) if row.companion == 1), None)


def _remember(tx: Transaction, reply: Reply, choice: Choice) -> None:
    """What the calendar said stands with the registration, and which invitation it was that led to it."""
    row = _registration(tx, reply)
    if row is not None:
        said = {"answer": choice, "answered_at": reply.answered_at}
        told = row.invitation_id or reply.invitation_id
        mine = registration.c.id == row.id
        tx.session.execute(registration.update().where(mine).values(invitation_id=told, **said))


def _hold(tx: Transaction, meeting_id: str) -> None:
    """Lock the meeting; many answers share a transaction, so whoever holds what we wait for may wait for us."""
    if tx.session.get_bind().dialect.name == "postgresql":
        tx.session.execute(text(f"SET LOCAL lock_timeout = '{_LONGEST_WAIT}'"))
    lock_meeting(tx, meeting_id)


def _is_stale(row: Mapping[str, Any], reply: Reply) -> bool:
    """Whether the answer is about an earlier sign-up: invitations are numbered in the order they are made."""
    newer = row["invitation_id"] and row["invitation_id"] > reply.invitation_id
    return bool(newer) or row["asked_at"] > reply.answered_at


def _accept(tx: Transaction, reply: Reply, seats: Seats, row: Mapping[str, Any]) -> None:
    """An offer is judged at the moment its answer was received; who is off the list may come back by the seat rule."""
    if row["status"] == "offered" and reply.answered_at < row["offer_until"]:
        if refused := refuse_late(seats.opening, reply.answered_at):
            _refuse(tx, reply, refused)
            return
        act = Act(name="accept", cause="reply", by="participant")
        settle(tx, set_standings(tx, seats, [Change(row, {"status": "confirmed"}, act)]))
        return
    settled_meeting(tx, row["meeting_id"])
    now = registration_by(tx.session, row["id"])
    if now and not is_registered(now.status) and now.status != "rejected":
        _join(tx, reply, _comes_back(now._asdict()))


def _decline(tx: Transaction, row: Mapping[str, Any]) -> None:
    """Whoever holds a seat or is offered one gives it to the next; who waits is not asked by a calendar."""
    seats = settled_meeting(tx, row["meeting_id"])
    now = registration_by(tx.session, row["id"])
    act, status = _GIVES_UP.get(now.status if now else "", ("", ""))
    if now is None or not act or refuse_late(seats.opening, tx.now):
        return
    by_reply = Act(name=act, cause="reply", by="participant")
    settle(tx, set_standings(tx, seats, [Change(now._asdict(), given_up(tx, seats, now._asdict(), status), by_reply)]))


def _join(tx: Transaction, reply: Reply, request: SignUp) -> None:
    (outcome,) = sign_up(tx, reply.meeting_id, [request])
    if not isinstance(outcome, Answered):
        _refuse(tx, reply, outcome if isinstance(outcome, Refused) else Refused("not-eligible"))


def _refuse(tx: Transaction, reply: Reply, refused: Refused) -> None:
    tx.publish(
        AcceptanceRefused(
            meeting_id=reply.meeting_id,
            invitation_id=reply.invitation_id,
            registration_id=reply.registration_id,
            reason=refused.reason,
        )
    )


def _newcomer(tx: Transaction, reply: Reply) -> SignUp:
    """Someone who was invited with their target group. What the meeting asks they answer later, by the mailed link."""
    assert reply.person, "who was invited without being signed up is named"
    key = _newcomer_key(reply)
    organisation, organisation_id = workplace(tx.session, reply.organisation, key)
    return SignUp(
        name=reply.person.name,
        email=reply.person.email or "",
        address_key=key,
        target_group=reply.target_group,
        organisation=organisation,
        organisation_id=organisation_id,
        language=reply.person.language,
    )


def _newcomer_key(reply: Reply) -> str:
    assert reply.person, "who was invited without being signed up is named"
    assert reply.person.email, "and was invited by mail"
    return address_key(reply.person.email)


def _comes_back(row: Mapping[str, Any]) -> SignUp:
    """Someone who was off the list, with what they told before."""
    kept = ("name", "email", "address_key", "target_group", "organisation", "organisation_id", "language")
    told = ("attendance", "answers", "needs", "phone", "listed", "last_moment")
    return SignUp(**{name: row[name] for name in (*kept, *told)}, companion=row["companion"] > 1)
