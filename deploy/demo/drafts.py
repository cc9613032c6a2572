"""An invented programme that is not public yet: drafted once, and copied to two more regions as one series."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from services.catalog import queries
from services.catalog.actions.change_meeting import change_meeting
from services.catalog.actions.copy_meeting import copy_meeting
from services.catalog.actions.draft_meeting import draft_meeting
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.copying import starting_at
from services.catalog.rules.history import SYSTEM, Act
from services.catalog.rules.meeting import MeetingDetails
from shared.db.transaction import Database, new_id
from shared.events.catalog import Contact, SeatPlan, Session, Venue

TOUR = "Op tournee (voorbeeld)"

_WEEKS_AHEAD = 10
_OFFICE = Contact(name="Programmabureau (voorbeeld)", email="programma@kring.example", phone="088 000 00 00")
_ELSEWHERE = (("PV24", "Almere", 1), ("PV29", "Middelburg", 2))


def load_drafts(database: Database, addresses: Addresses, first_start: date) -> None:
    """Draft the programme and its copies, unless they are there; the first is published by itself two weeks later."""
    with database.begin() as tx:
        if queries.meetings_where(tx.session, queries.in_series(TOUR)):
            return
        details = _programme(first_start)
        planned = _noon(max(tx.now.date(), first_start) + timedelta(weeks=2))
        first = draft_meeting(tx, details, SYSTEM, addresses)
        changed = replace(details, publish_at=planned, seat_plan=SeatPlan(capacity=45))
        change_meeting(tx, first, changed, Act("changed", SYSTEM, "De zaal is groter dan gedacht."), addresses)
        for region, town, weeks in _ELSEWHERE:
            later = starting_at(details, details.starts_at + timedelta(weeks=weeks))
            copy_meeting(tx, replace(later, regions=(region,), venue=_venue(town)), SYSTEM, addresses)


def _programme(first_start: date) -> MeetingDetails:
    starts_at = _noon(first_start + timedelta(weeks=_WEEKS_AHEAD))
    return MeetingDetails(
        title={"nl": "Aan de slag met social return", "en": "Getting to work with social return"},
        summary={"nl": "Een middag met drie korte verhalen en een werkvorm om de eigen aanbesteding te bespreken."},
        format="werkmiddag",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=4),
        doors_open_at=starts_at - timedelta(minutes=30),
        regions=("PV27",),
        target_groups=("inkoper", "beleidsmaker"),
        themes=("social-return",),
        series=TOUR,
        organiser=_OFFICE,
        contact=_OFFICE,
        venue=_venue("Haarlem"),
        travel_info={"nl": "Vijf minuten lopen van het station.", "en": "Five minutes on foot from the station."},
        accessibility_info={"nl": "Er is een lift naast de ingang.", "en": "There is a lift beside the entrance."},
        cost_note={"nl": "Gratis, met lunch.", "en": "Free, lunch included."},
        sessions=(
            Session(id=new_id(), title={"nl": "Drie korte verhalen"}, starts_at=starts_at, speaker="Voorbeeldspreker"),
            Session(
                id=new_id(),
                title={"nl": "De eigen aanbesteding"},
                starts_at=starts_at + timedelta(hours=2),
                ends_at=starts_at + timedelta(hours=4),
                room="Zaal 2",
            ),
        ),
        seat_plan=SeatPlan(capacity=30),
    )


def _venue(town: str) -> Venue:
    return Venue(name=f"Vergadercentrum {town} (voorbeeld)", address="Voorbeeldplein 1", city=town)


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 11, tzinfo=UTC)
