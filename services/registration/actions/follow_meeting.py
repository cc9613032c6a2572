"""Keep our copy of a meeting as catalog says it is; a changed plan settles at once."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import bindparam, delete, select, update

from services.registration.actions.deliver_lists import plan_deliveries
from services.registration.actions.forget_needs import plan_forgetting
from services.registration.actions.set_standing import keep_counts, tell_others
from services.registration.actions.settle import lock_meeting, plan_end_of_offers, plan_settling, settle
from services.registration.actions.settle_sessions import settle_sessions
from services.registration.actions.tell_registration import tell_changed
from services.registration.actions.tell_seats import note_seats_moved
from services.registration.queries.meetings import meeting_by
from services.registration.queries.seats import Seats, figures, recount, seats_of
from services.registration.rules.waiting import LAST_MOMENT
from services.registration.tables import meeting, registration, seat_notice, session_seat
from services.registration.tables.foundation import NEEDS_KEEP
from shared.db.transaction import Transaction
from shared.events import catalog
from shared.events.contract import contract_of, json_ready
from shared.periods import Periods

_MINE = registration.c.meeting_id == bindparam("this")
_AT_VENUE_NOW = update(registration).where(_MINE, registration.c.waits_for == "online").values(waits_for="seat")
_GONE = delete(session_seat).where(
    session_seat.c.meeting_id == bindparam("this"),
    session_seat.c.session_id.not_in(bindparam("sessions", expanding=True)),
)
_TOO_LONG = (_MINE, registration.c.offer_until > bindparam("latest"))
_OFFERS = select(registration).where(*_TOO_LONG)
_SHORTEN = update(registration).where(*_TOO_LONG).values(offer_until=bindparam("ends"))


def follow_meeting(tx: Transaction, facts: catalog.Meeting, periods: Periods) -> None:
    """Take over the newest facts of a meeting; who is registered stays so, whatever the new plan says."""
    plan_settling(tx, facts.id, facts.seat_plan.release_at)
    plan_forgetting(tx, facts, periods.of(NEEDS_KEEP))
    plan_deliveries(tx, facts)
    lock_meeting(tx, facts.id)
    kept = _columns(facts)
    counters = {
        "taken": {},
        "waiting": {},
        "queue_number": 0,
        "seats_taken": 0,
        "seats_ceiling": facts.seat_plan.capacity,
    }
    tx.upsert(meeting, [{**kept, **counters}], changes=[name for name in kept if name != "id"])
    row = meeting_by(tx.session, facts.id)
    if row is not None:
        seats = settle(tx, _counted_anew(tx, seats_of(row)))
        tell_others(tx, seats, settle_sessions(tx, seats))
        shown = figures(seats, tx.now)
        first = {"meeting_id": facts.id, "figures": contract_of(shown).dump(shown), "shown_at": tx.now}
        tx.upsert(seat_notice, [{**first, "told_at": None}], changes=[])
        note_seats_moved(tx, [facts.id])


def _columns(facts: catalog.Meeting) -> dict[str, object]:
    dumped = json_ready(facts)
    return {
        "id": facts.id,
        "slug": facts.slug,
        "title": dict(facts.title),
        "starts_at": facts.starts_at,
        "ends_at": facts.ends_at,
        "time_zone": facts.time_zone,
        "status": facts.status,
        "revision": facts.revision,
        "series": facts.series,
        "regions": [region.code for region in facts.regions],
        "target_groups": dumped["targetGroups"],
        "seat_plan": dumped["seatPlan"],
        "terms": dumped["registration"],
        "facts": dumped,
    }


def _counted_anew(tx: Transaction, seats: Seats) -> Seats:
    """What the counters say under the new facts: perhaps there are places online now, or no longer, or no such session.

    The fence in the table follows the plan, but not below the seats that are held. Offers end two hours before the new
    start at the latest.
    """
    if not seats.mixed:
        tx.session.execute(_AT_VENUE_NOW, {"this": seats.meeting_id})
    tx.session.execute(_GONE, {"this": seats.meeting_id, "sessions": list(seats.sessions)})
    counted = recount(tx.session, seats.meeting_id)
    seats = replace(
        seats,
        taken=counted.taken,
        waiting=counted.waiting,
        online_taken=counted.online_taken,
        online_waiting=counted.online_waiting,
    )
    keep_counts(tx, seats, beyond=True)
    _shorten_offers(tx, seats)
    return seats


def _shorten_offers(tx: Transaction, seats: Seats) -> None:
    """Let no offer run into the last two hours of a meeting that begins earlier now."""
    latest = seats.opening.starts_at - LAST_MOMENT
    too_long = {"this": seats.meeting_id, "latest": latest}
    rows = tx.session.execute(_OFFERS, too_long).all()
    if not rows:
        return
    ends = max(latest, tx.now + timedelta(seconds=1))
    tx.session.execute(_SHORTEN, {**too_long, "ends": ends})
    plan_end_of_offers(tx, seats.meeting_id, ends)
    for row in rows:
        tell_changed(tx, {**row._asdict(), "offer_until": ends}, seats)
