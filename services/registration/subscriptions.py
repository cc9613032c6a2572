"""What registration listens to: catalog's meetings and words, what people were told by mail, and what they answered."""

from collections.abc import Callable, Mapping
from typing import Any

from services.registration.actions.ask_erasure import follow_erasure
from services.registration.actions.follow_meeting import follow_meeting
from services.registration.actions.follow_reference import follow_reference
from services.registration.actions.my_data import take_answer
from services.registration.actions.note_delivery import note_bounced, note_restored
from services.registration.actions.note_invitation import note_invitation
from services.registration.actions.take_reply import take_reply
from services.registration.actions.take_spar_reply import accept_talk, counter_talk, decline_talk
from shared.db.ledger import Ledger
from shared.db.transaction import Transaction
from shared.events.catalog import MeetingCancelled, MeetingChanged, MeetingHeld, MeetingPublished, ReferenceChanged
from shared.events.erasure import ErasureDone, ExportDone
from shared.events.notifications import (
    AddressBounced,
    AddressRestored,
    InvitationAccepted,
    InvitationCountered,
    InvitationDeclined,
    InvitationSent,
    InvitationTentative,
)
from shared.periods import Periods

_MeetingFact = MeetingPublished | MeetingChanged | MeetingCancelled | MeetingHeld


def handlers(
    forget: Callable[[], None], ledger: Ledger, periods: Periods
) -> Mapping[type[Any], Callable[[Transaction, Any], None]]:
    """What is done with each class of event; ``forget`` is told that what this process keeps of it is old.

    ``ledger`` is that of the erasures, ``periods`` says how long what people need is kept.
    """

    def on_meeting_told(tx: Transaction, happened: _MeetingFact) -> None:
        follow_meeting(tx, happened.meeting, periods)
        forget()

    def on_reference_changed(tx: Transaction, happened: ReferenceChanged) -> None:
        follow_reference(tx, happened)
        forget()

    def on_invitation_accepted(tx: Transaction, happened: InvitationAccepted) -> None:
        if happened.reply.side:
            accept_talk(tx, happened.reply)
        else:
            take_reply(tx, happened.reply, "accepted")

    def on_invitation_tentative(tx: Transaction, happened: InvitationTentative) -> None:
        if happened.reply.side is None:
            take_reply(tx, happened.reply, "tentative")

    def on_invitation_declined(tx: Transaction, happened: InvitationDeclined) -> None:
        if happened.reply.side:
            decline_talk(tx, happened.reply)
        else:
            take_reply(tx, happened.reply, "declined")

    def on_invitation_countered(tx: Transaction, happened: InvitationCountered) -> None:
        counter_talk(tx, happened.reply, happened.starts_at)

    return {
        MeetingPublished: on_meeting_told,
        MeetingChanged: on_meeting_told,
        MeetingCancelled: on_meeting_told,
        MeetingHeld: on_meeting_told,
        ReferenceChanged: on_reference_changed,
        InvitationSent: note_invitation,
        AddressBounced: note_bounced,
        AddressRestored: note_restored,
        InvitationAccepted: on_invitation_accepted,
        InvitationTentative: on_invitation_tentative,
        InvitationDeclined: on_invitation_declined,
        ExportDone: take_answer,
        ErasureDone: lambda tx, happened: follow_erasure(tx, ledger, happened),
        InvitationCountered: on_invitation_countered,
    }
