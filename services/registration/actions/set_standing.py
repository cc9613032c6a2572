"""Change how registrations stand: the rows, their history, the counters of the meeting and what is told, together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, update

from services.registration.actions.settle_sessions import settle_sessions
from services.registration.actions.tell_registration import tell_changed, tell_registration, tell_rejected
from services.registration.actions.tell_seats import note_seats_moved
from services.registration.queries.registrations import registration_by
from services.registration.queries.seats import Seats
from services.registration.queries.waiting import place_of
from services.registration.rules.standing import holds, is_registered
from services.registration.tables import history, meeting, registration, session_seat, transfer
from shared.db.audit import Noted, note_all
from shared.db.transaction import Transaction
from shared.events.registration import Cause

_COUNTS = ("taken", "waiting", "online_taken", "online_waiting", "queue_number", "seats_taken")
_KEEP = update(meeting).where(meeting.c.id == bindparam("row_id")).values({name: bindparam(name) for name in _COUNTS})
_KEEP_BEYOND = _KEEP.values(seats_ceiling=bindparam("seats_ceiling"))

_STANDING = (
    "status",
    "cause",
    "attendance",
    "waits_for",
    "offer_until",
    "target_group",
    "override_reason",
    "last_moment",
)
_STAND = (
    registration.update()
    .where(registration.c.id == bindparam("row_id"))
    .values({name: bindparam(f"new_{name}") for name in _STANDING})
)
_DONE = history.insert()
_THESE: BindParameter[str] = bindparam("these", expanding=True)
_LEAVE_SESSIONS = delete(session_seat).where(session_seat.c.registration_id.in_(_THESE))
_WITHDRAW = (update(transfer).where(transfer.c.registration_id.in_(_THESE), transfer.c.status == "pending")).values(
    status="withdrawn"
)


@dataclass(frozen=True, kw_only=True)
class Act:
    """What was done (``name``, as the history says it), whose act it was and why.

    ``by`` is an organiser's id, ``participant`` or ``system``; ``reason`` is in their own words.
    """

    name: str
    cause: Cause
    by: str
    reason: str = ""


def by_system(name: str) -> Act:
    """What follows from the seat rule."""
    return Act(name=name, cause="system", by="system")


@dataclass(frozen=True)
class Change:
    """The columns of one registration that get new values; whoever is not said to wait or to have an offer has not.

    ``to`` may also hold ``passed_on`` and ``handed_over``, which are told and not kept.
    """

    row: Mapping[str, Any]
    to: Mapping[str, Any]
    act: Act

    def after(self) -> dict[str, Any]:
        """The row as it will be."""
        return {**self.row, "waits_for": None, "offer_until": None, "cause": self.act.cause, **self.to}


def set_standings(tx: Transaction, seats: Seats, changes: Sequence[Change], *, beyond: bool = False) -> Seats:
    """Write ``changes`` and tell them; gives how the seats stand after that. The meeting must be locked.

    ``beyond``: an organiser may go over the plan; a seat given by the rule may not, and the table itself refuses it.
    What those who leave had of the sessions is given out by the settling that follows, when it is known who has their
    seat at the meeting: the new holder may come first there.
    """
    if not changes:
        return seats
    rows = [change.after() for change in changes]
    tx.session.execute(
        _STAND,
        [{"row_id": row["id"], **{f"new_{name}": row[name] for name in _STANDING}} for row in rows],
    )
    write_history(tx, changes)
    left = [row["id"] for row in rows if not is_registered(row["status"])] if seats.sessions else []
    if left:
        tx.session.execute(_LEAVE_SESSIONS, {"these": left})
    _withdraw_proposals(tx, changes)
    after = moved(seats, [change.row for change in changes], rows)
    freed = sum(after.taken.values()) < sum(seats.taken.values())
    keep_counts(tx, after, beyond=beyond or freed)
    others = set() if left else settle_sessions(tx, after) - {row["id"] for row in rows}
    for change, row in zip(changes, rows, strict=True):
        _tell(tx, change, row, after)
    tell_others(tx, after, others)
    return after


def _withdraw_proposals(tx: Transaction, changes: Sequence[Change]) -> None:
    """Nobody can take over a seat any more that its holder has given up."""
    left = [change.row["id"] for change in changes if change.row["status"] == "confirmed" != change.after()["status"]]
    if left:
        tx.session.execute(_WITHDRAW, {"these": left})


def _tell(tx: Transaction, change: Change, row: Mapping[str, Any], seats: Seats) -> None:
    if row["status"] == "rejected":
        tell_rejected(tx, row, seats, change.act.reason)
        return
    tell = tell_changed if row["status"] == change.row["status"] else tell_registration
    tell(tx, row, seats, place_of(tx.session, row))


def write_history(tx: Transaction, changes: Sequence[Change]) -> None:
    """Add what was done to the history that nobody edits."""
    tx.session.execute(
        _DONE,
        [
            {
                "registration_id": change.row["id"],
                "meeting_id": change.row["meeting_id"],
                "at": tx.now,
                "act": change.act.name,
                "by": change.act.by,
                "cause": change.act.cause,
                "reason": change.act.reason,
                "from_status": change.row["status"],
                "to_status": change.after()["status"],
            }
            for change in changes
        ],
    )
    note_all(tx, [_noted(change) for change in changes if change.act.cause == "organiser"])


def _noted(change: Change) -> Noted:
    """What the audit log says of an organiser's act; what people do themselves stands in the history only."""
    return Noted(
        act="registration.acted",
        by=change.act.by,
        thing=change.row["id"],
        meeting_id=change.row["meeting_id"],
        why=change.act.reason,
        facts={"act": change.act.name, "from": change.row["status"], "to": change.after()["status"]},
    )


def tell_others(tx: Transaction, seats: Seats, registration_ids: set[str]) -> None:
    """Tell of those whose sessions moved because of what someone else did."""
    for registration_id in sorted(registration_ids):
        other = registration_by(tx.session, registration_id)
        if other is not None:
            row = other._asdict()
            tell_changed(tx, row, seats, place_of(tx.session, row))


def moved(seats: Seats, before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> Seats:
    """How the seats stand when these rows count as ``after`` and no longer as ``before``."""
    taken, waiting = Counter(seats.taken), Counter(seats.waiting)
    online = Counter({"taken": seats.online_taken, "waiting": seats.online_waiting})
    for rows, by in ((before, -1), (after, 1)):
        for row in rows:
            group = row["target_group"]
            match holds(row["status"], row["kind"], row["attendance"], mixed=seats.mixed):
                case "seat":
                    taken[group] += by
                case "online":
                    online["taken"] += by
            match row["waits_for"]:
                case "seat":
                    waiting[group] += by
                case "online":
                    online["waiting"] += by
    return replace(
        seats,
        taken={group: count for group, count in taken.items() if count},
        waiting={group: count for group, count in waiting.items() if count},
        online_taken=online["taken"],
        online_waiting=online["waiting"],
    )


def keep_counts(tx: Transaction, seats: Seats, *, beyond: bool = False) -> None:
    """Write the counters of the seats, and let the new figures be told. The meeting must be locked.

    The fence in the table is moved only where seats may go ``beyond`` the plan.
    """
    if beyond:
        counts = _counts(seats)
        tx.session.execute(_KEEP_BEYOND, {**counts, "seats_ceiling": max(seats.plan.capacity, counts["seats_taken"])})
        note_seats_moved(tx, [seats.meeting_id])
    else:
        keep_all_counts(tx, [seats])


def keep_all_counts(tx: Transaction, every: Sequence[Seats]) -> None:
    """The same for several meetings, none of them beyond its plan."""
    counts = [_counts(seats) for seats in every]
    tx.session.execute(_KEEP, counts if len(counts) > 1 else counts[0])
    note_seats_moved(tx, [seats.meeting_id for seats in every])


def _counts(seats: Seats) -> dict[str, Any]:
    return {
        "row_id": seats.meeting_id,
        "taken": dict(seats.taken),
        "waiting": dict(seats.waiting),
        "online_taken": seats.online_taken,
        "online_waiting": seats.online_waiting,
        "queue_number": seats.queue_number,
        "seats_taken": sum(seats.taken.values()),
    }
