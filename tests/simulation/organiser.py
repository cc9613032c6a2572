"""What an organiser does in a simulated life: publish, move, plan anew, call off."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from services.catalog import queries
from services.catalog.actions.cancel_meeting import cancel_meeting
from services.catalog.actions.change_meeting import change_meeting
from services.catalog.actions.draft_meeting import draft_meeting
from services.catalog.actions.publish_meeting import publish_meeting
from services.catalog.rules.history import Act
from services.catalog.rules.meeting import MeetingDetails
from shared.db.transaction import Database
from shared.events.catalog import Contact, SeatPlan, Venue
from tests.simulation.settings import ADDRESSES

GROUPS = ("inkoper", "beleidsmaker")
_SOMEBODY = "somebody"
_NEVER = datetime.max.replace(tzinfo=UTC)


class Organiser:
    """Somebody at catalog's desk."""

    def __init__(
        self,
        database: Database,
        chance: Random,
        meetings: Sequence[str] = (),
        latest: datetime = _NEVER,
    ) -> None:
        """``latest`` is a day before the first of its ``meetings``: no life goes on until then."""
        self.database = database
        self.chance = chance
        self.meetings = list(meetings)
        self.latest = latest

    def publish(self, people: int, now: datetime) -> None:
        """A meeting for about so many people."""
        starts_at = now + timedelta(days=self.chance.choice([40, 40, 7, 2]))
        details = MeetingDetails(
            title={"nl": "Samen inkopen"},
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=3),
            regions=("PV26",),
            target_groups=GROUPS,
            organiser=Contact(name="Provincie Utrecht", email="mvi@provincie.example"),
            venue=Venue(name="Stadhuis", address="Stadsplateau 1", postal_code="3521 AZ", city="Utrecht"),
            seat_plan=self._plan(people, starts_at),
        )
        with self.database.begin() as tx:
            draft = draft_meeting(tx, details, _SOMEBODY, ADDRESSES)
            self.meetings.append(publish_meeting(tx, draft, _SOMEBODY, ADDRESSES).id)
        self.latest = min(self.latest, starts_at - timedelta(hours=30))

    def change(self, people: int) -> object:
        """Another plan, or another time."""
        with self.database.begin() as tx:
            meeting = queries.lock_meeting(tx.session, self.chance.choice(self.meetings))
            if meeting is None or meeting.status != "published":
                return None
            later = timedelta(hours=self.chance.choice([0, 0, 1, 2]))
            details = replace(
                meeting.details,
                starts_at=meeting.starts_at + later,
                ends_at=meeting.ends_at + later,
                seat_plan=self._plan(people, meeting.starts_at) if not later else meeting.seat_plan,
            )
            return change_meeting(tx, meeting, details, Act("changed", _SOMEBODY, "because"), ADDRESSES).revision

    def call_off(self) -> object:
        """It does not take place."""
        with self.database.begin() as tx:
            meeting = queries.lock_meeting(tx.session, self.chance.choice(self.meetings))
            if meeting is None or meeting.status != "published":
                return None
            return cancel_meeting(tx, meeting, "because", _SOMEBODY, ADDRESSES).revision

    def _plan(self, people: int, starts_at: datetime) -> SeatPlan:
        """Fewer seats than people, most of the time."""
        chance = self.chance
        capacity = chance.randint(1, max(1, people * 2 // 3))
        reserved = {GROUPS[0]: chance.randint(0, capacity)} if chance.random() < 0.3 else {}
        lowest = reserved.get(GROUPS[1], 0)
        maximum = {GROUPS[1]: chance.randint(lowest, capacity)} if chance.random() < 0.3 else {}
        release = starts_at - timedelta(hours=chance.randint(31, 200)) if reserved and chance.random() < 0.5 else None
        return SeatPlan(
            capacity=capacity,
            reserved=reserved,
            maximum=maximum,
            release_at=release,
            promotion=chance.choice(["automatic", "automatic", "offer", "manual"]),
            waiting_list=chance.random() < 0.9,
        )
