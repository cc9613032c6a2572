"""The door for events of the other services."""

from collections.abc import Mapping
from typing import Any

from services.catalog import tables
from services.catalog.actions.answer_export import answer_export
from services.catalog.actions.erase_person import erase_person
from services.catalog.actions.note_attendance import note_attendance
from services.catalog.actions.note_seats import note_seats
from services.catalog.actions.note_urgent import note_urgent
from services.catalog.actions.tell_story import tell_story
from services.catalog.rules.stories import StoryDetails, Teller
from shared.bus.handling import Handler
from shared.db.ledger import Ledger
from shared.db.transaction import Transaction
from shared.events.erasure import ErasureRequested, ExportRequested
from shared.events.registration import AccessChanged, AttendanceCounted, MessageWritten, SeatsChanged, StoryTold
from shared.people.grants import keep_grant


def on_seats_changed(tx: Transaction, happened: SeatsChanged) -> None:
    """Show how many seats are left."""
    note_seats(tx, happened)


def on_attendance_counted(tx: Transaction, happened: AttendanceCounted) -> None:
    """Remember which organisations were reached."""
    note_attendance(tx, happened)


def on_message_written(tx: Transaction, happened: MessageWritten) -> None:
    """Show on the page what is urgent."""
    note_urgent(tx, happened)


def on_story_told(tx: Transaction, happened: StoryTold) -> None:
    """Let an editor look at what a participant tells."""
    told = StoryDetails(
        kind=happened.kind,
        title={happened.language: happened.title},
        text={happened.language: happened.text},
        organisation=happened.organisation,
    )
    teller = Teller(name=happened.name, email=happened.email, named=happened.named)
    tell_story(tx, happened.id, told, teller, happened.meeting_id)


def on_access_changed(tx: Transaction, happened: AccessChanged) -> None:
    """Let an organiser's key or session hold here too, or no longer, and remember whose it is."""
    keep_grant(tx, tables.grants, happened)


def handlers(ledger: Ledger) -> Mapping[type[Any], Handler]:
    """What is done with each class of event; ``ledger`` is that of the erasures."""
    return {
        SeatsChanged: on_seats_changed,
        AttendanceCounted: on_attendance_counted,
        MessageWritten: on_message_written,
        StoryTold: on_story_told,
        AccessChanged: on_access_changed,
        ExportRequested: lambda tx, happened: answer_export(tx, ledger.pseudonyms, happened),
        ErasureRequested: lambda tx, happened: erase_person(tx, ledger, happened),
    }
