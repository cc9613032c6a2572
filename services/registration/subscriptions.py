"""What registration listens to: catalog's meetings and words, and what people were told by mail."""

from collections.abc import Callable, Mapping
from typing import Any

from services.registration.actions.follow_meeting import follow_meeting
from services.registration.actions.follow_reference import follow_reference
from services.registration.actions.note_invitation import note_invitation
from shared.db.transaction import Transaction
from shared.events.catalog import MeetingCancelled, MeetingChanged, MeetingHeld, MeetingPublished, ReferenceChanged
from shared.events.notifications import InvitationSent


def on_meeting_published(tx: Transaction, happened: MeetingPublished) -> None:
    """People may sign up."""
    follow_meeting(tx, happened.meeting)


def on_meeting_changed(tx: Transaction, happened: MeetingChanged) -> None:
    """The facts are others now, the seat plan perhaps too."""
    follow_meeting(tx, happened.meeting)


def on_meeting_cancelled(tx: Transaction, happened: MeetingCancelled) -> None:
    """Nobody signs up any more; who was registered stays so."""
    follow_meeting(tx, happened.meeting)


def on_meeting_held(tx: Transaction, happened: MeetingHeld) -> None:
    """It is over."""
    follow_meeting(tx, happened.meeting)


def on_reference_changed(tx: Transaction, happened: ReferenceChanged) -> None:
    """A word is new, or means something else."""
    follow_reference(tx, happened)


def on_invitation_sent(tx: Transaction, happened: InvitationSent) -> None:
    """Someone's calendar was told."""
    note_invitation(tx, happened)


HANDLERS: Mapping[type[Any], Callable[[Transaction, Any], None]] = {
    MeetingPublished: on_meeting_published,
    MeetingChanged: on_meeting_changed,
    MeetingCancelled: on_meeting_cancelled,
    MeetingHeld: on_meeting_held,
    ReferenceChanged: on_reference_changed,
    InvitationSent: on_invitation_sent,
}
