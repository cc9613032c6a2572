"""Let the seat rule decide about someone who has a queue number already."""

from collections.abc import Mapping
from typing import Any

from services.registration.actions.set_standing import Act, Change, set_standings
from services.registration.queries.seats import Seats
from services.registration.queries.waiting import waiting_before
from services.registration.rules.decision import Decision, Refused, Seat, Wait
from services.registration.rules.standing import WAITS, room_of
from services.registration.rules.waiting import ONE, Line, decide, passes_the_line
from shared.db.transaction import Transaction


def admit(tx: Transaction, seats: Seats, row: Mapping[str, Any], act: Act) -> tuple[Seats, Decision]:
    """Give a seat, or a place on the waiting list by the queue number in ``row``; gives the decision too.

    Who comes with an earlier number finds only those before it. The meeting must be locked and settled. Refused, and
    nothing changes, where a full meeting has no waiting list.
    """
    decision = decision_on(tx, seats, row)
    match decision:
        case Seat():
            seats = set_standings(tx, seats, [Change(row, {"status": "confirmed"}, act)])
        case Wait():
            waits_for = room_of(row["attendance"], mixed=seats.mixed)
            seats = set_standings(tx, seats, [Change(row, {"status": WAITS, "waits_for": waits_for}, act)])
        case Refused():
            pass
    return seats, decision


def decision_on(tx: Transaction, seats: Seats, row: Mapping[str, Any]) -> Decision:
    """What the seat rule says to someone with this queue number; changes nothing."""
    if row["kind"] != "participant":
        return Seat()
    if room_of(row["attendance"], mixed=seats.mixed) == "seat":
        line = Line.of(waiting_before(tx.session, seats, row["queue_number"]))
        if passes_the_line(seats.plan, seats.opening, tx.now, last_moment=row["last_moment"]):
            line = Line(line.counts)
        return decide(seats.plan, seats.taken, line, row["target_group"], tx.now)
    if seats.online is None:
        return Seat()
    return decide(seats.online, {ONE: seats.online_taken}, Line({ONE: seats.online_waiting}), ONE, tx.now)
