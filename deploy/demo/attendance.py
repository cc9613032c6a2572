"""Who came to the past meetings of the demonstration: nearly everyone, always the same ones."""

from services.registration.actions.check_in import check_in, close_attendance
from services.registration.actions.set_standing import Act
from services.registration.queries.registrations import registrations
from shared.db.transaction import Database

_ACT = Act(name="close-attendance", cause="organiser", by="demonstration")
_STAYS_AWAY = 6
"""Each sixth person did not come."""


def load_attendance(database: Database, meeting_id: str) -> None:
    """Note who came to a meeting that is over, and close its attendance; twice is once."""
    with database.begin() as tx:
        seated = registrations(tx.session, meeting_id, statuses={"confirmed"})
        for number, row in enumerate(seated, 1):
            if number % _STAYS_AWAY:
                check_in(tx, row.id, Act(name="check-in", cause="organiser", by="demonstration"))
        close_attendance(tx, meeting_id, _ACT)
