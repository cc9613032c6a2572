"""How many sign up, for whoever watches. As of a minute ago at most: nobody may read from it who was registered."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from threading import Lock

from prometheus_client import Metric
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.registration.tables import meeting, registration
from shared.watching.findings import Finding, gauge

_PAUSE = timedelta(minutes=1)


class SeatSource:
    """The registrations, and the seats of the meetings to come."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._found: list[Metric] = []
        self._found_at: datetime | None = None

    def figures(self, session: Session, now: datetime) -> Iterable[Metric]:
        """How many registrations there are in each status, and how many seats are given out, taken and waited for."""
        with self._lock:
            if self._found_at is None or not timedelta(0) <= now - self._found_at < _PAUSE:
                self._found, self._found_at = _look_up(session, now), now
            return self._found

    def findings(self, session: Session, now: datetime) -> Mapping[str, Finding]:
        """Nothing: however many there are, it is well."""
        del session, now
        return {}


def _look_up(session: Session, now: datetime) -> list[Metric]:
    status = registration.c.status
    counts = {(row[0],): row[1] for row in session.execute(select(status, func.count()).group_by(status))}
    to_come = select(meeting.c.seat_plan, meeting.c.seats_taken, meeting.c.waiting, meeting.c.online_waiting).where(
        meeting.c.status == "published", meeting.c.ends_at > now
    )
    rows = session.execute(to_come).all()
    seats = {
        ("capacity",): sum(row.seat_plan["capacity"] for row in rows),
        ("taken",): sum(row.seats_taken for row in rows),
        ("waiting",): sum(sum(row.waiting.values()) + row.online_waiting for row in rows),
    }
    return [
        gauge("kring_registrations", "Registrations by how they stand", "registration", counts, "status"),
        gauge("kring_meetings_to_come", "Published meetings to come", "registration", {(): len(rows)}),
        gauge("kring_seats", "Seats of the meetings to come, and who waits for one", "registration", seats, "kind"),
    ]
