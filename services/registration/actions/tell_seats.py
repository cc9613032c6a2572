"""Say how full a meeting is: to the other services at most once a second, to the public at most once a minute.

Both are due work that reads what was committed and takes no lock on the meeting, so that nobody who signs up ever
waits for it.
"""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import bindparam, select

from services.registration.queries.meetings import meeting_by
from services.registration.queries.seats import figures, seats_of, session_counts
from services.registration.tables import seat_notice
from shared.db.due import plan
from shared.db.transaction import Transaction
from shared.events.contract import contract_of
from shared.events.registration import SeatsChanged

TELL = "tell-seats"
SHOW = "show-seats"

_BETWEEN_TELLING = timedelta(seconds=1)
_BETWEEN_SHOWING = timedelta(minutes=1)

_THIS = seat_notice.c.meeting_id == bindparam("this")
_TOLD_AT, _SHOWN_AT = select(seat_notice.c.told_at).where(_THIS), select(seat_notice.c.shown_at).where(_THIS)
_TOLD = seat_notice.update().where(_THIS).values(told_at=bindparam("at"))


def note_seats_moved(tx: Transaction, meeting_ids: Collection[str]) -> None:
    """Let the new figures of these meetings be told and shown as soon as may be; what is planned stays as planned.

    It is written all the same, for its lock: where it is being done at this moment, by figures that do not
    know of us yet, it is planned anew when that is over.
    """
    rows = [
        {"kind": kind, "subject": meeting_id, "at": tx.now, "attempts": 0}
        for meeting_id in meeting_ids
        for kind in (TELL, SHOW)
    ]
    tx.upsert(tx.flow.due, rows, changes=["attempts"])


def tell_seats(tx: Transaction, meeting_id: str) -> None:
    """Publish ``seats.changed`` with the figures of now, or plan it where it was told less than a second ago."""
    told_at = tx.session.scalar(_TOLD_AT, {"this": meeting_id})
    if told_at and tx.now < told_at + _BETWEEN_TELLING:
        plan(tx, TELL, meeting_id, told_at + _BETWEEN_TELLING)
        return
    tx.publish(_figures(tx, meeting_id))
    tx.session.execute(_TOLD, {"this": meeting_id, "at": tx.now})


def show_seats(tx: Transaction, meeting_id: str) -> None:
    """Let the public see the figures of now, or plan it where they were refreshed less than a minute ago."""
    shown_at = tx.session.scalar(_SHOWN_AT, {"this": meeting_id})
    if shown_at and tx.now < shown_at + _BETWEEN_SHOWING:
        plan(tx, SHOW, meeting_id, shown_at + _BETWEEN_SHOWING)
        return
    shown = _figures(tx, meeting_id)
    tx.upsert(
        seat_notice,
        [{"meeting_id": meeting_id, "figures": contract_of(shown).dump(shown), "shown_at": tx.now}],
        changes=["figures", "shown_at"],
    )


def _figures(tx: Transaction, meeting_id: str) -> SeatsChanged:
    row = meeting_by(tx.session, meeting_id)
    if row is None:
        raise LookupError(f"no meeting {meeting_id}")
    seats = seats_of(row)
    return figures(seats, tx.now, session_counts(tx.session, meeting_id) if seats.sessions else None)
