"""The door for events: what notifications does with what the other services tell."""

from collections.abc import Callable, Mapping
from typing import Any

from services.notifications import tables
from services.notifications.actions.answer_export import answer_export
from services.notifications.actions.erase_person import hear_erasure
from services.notifications.actions.follow_meeting import follow_meeting
from services.notifications.actions.follow_registration import follow_registration
from services.notifications.actions.follow_sparring import follow_sparring, tell_no
from services.notifications.actions.keep_reference import keep_reference
from services.notifications.actions.mail_copy import mail_copy
from services.notifications.actions.mail_invitation import refuse_acceptance
from services.notifications.actions.mail_link import mail_link
from services.notifications.actions.mail_list import mail_list
from services.notifications.actions.mail_message import RegistrationUnknownError, mail_message
from services.notifications.actions.mail_series import mail_series
from services.notifications.actions.mail_transfer import mail_transfer
from services.notifications.actions.note_seats import note_seats
from services.notifications.actions.tell_again import tell_again
from services.notifications.queries import MeetingUnknownError
from services.notifications.rules.addresses import OurAddresses
from shared.bus.handling import Handler, WaitFor
from shared.bus.overtaking import is_overtaken
from shared.db.ledger import Ledger
from shared.db.transaction import Transaction
from shared.events.catalog import MeetingCancelled, MeetingChanged, MeetingHeld, MeetingPublished, ReferenceChanged
from shared.events.erasure import ErasureRequested, ExportRequested
from shared.events.registration import (
    AcceptanceRefused,
    AccessChanged,
    LinkRequested,
    ListDelivered,
    MessageWritten,
    Registration,
    RegistrationCancelled,
    RegistrationChanged,
    RegistrationConfirmed,
    RegistrationDeclined,
    RegistrationExpired,
    RegistrationOffered,
    RegistrationRejected,
    RegistrationRepeated,
    RegistrationRequested,
    RegistrationUnconfirmed,
    RegistrationWaitlisted,
    SeatsChanged,
    SeriesJoined,
    TransferProposed,
)
from shared.events.sparring import SparAccepted, SparAsked, SparDeclined, SparEnded, SparMoved
from shared.people.grants import keep_grant

_MeetingFact = MeetingPublished | MeetingCancelled | MeetingHeld
_Talk = SparAsked | SparAccepted | SparMoved | SparEnded
_RegistrationFact = (
    RegistrationUnconfirmed
    | RegistrationRequested
    | RegistrationConfirmed
    | RegistrationWaitlisted
    | RegistrationOffered
    | RegistrationDeclined
    | RegistrationExpired
    | RegistrationCancelled
    | RegistrationChanged
)


def handlers(ours: OurAddresses, ledger: Ledger) -> Mapping[type[Any], Handler]:
    """What is done with each class of event, by an installation with these addresses and this ledger of erasures."""

    def on_meeting_told(tx: Transaction, happened: _MeetingFact) -> None:
        follow_meeting(tx, ours, happened.meeting)

    def on_meeting_changed(tx: Transaction, happened: MeetingChanged) -> None:
        follow_meeting(tx, ours, happened.meeting, happened.reason)

    def on_registration_told(tx: Transaction, happened: _RegistrationFact) -> None:
        _follow(tx, ours, happened.registration)

    def on_registration_rejected(tx: Transaction, happened: RegistrationRejected) -> None:
        _follow(tx, ours, happened.registration, happened.reason)

    def on_registration_repeated(tx: Transaction, happened: RegistrationRepeated) -> None:
        if is_overtaken():
            mail_copy(tx, ours, happened.registration)
        else:
            _follow(tx, ours, happened.registration)
        tell_again(tx, ours, happened.registration)

    def on_talk_told(tx: Transaction, happened: _Talk) -> None:
        follow_sparring(tx, ours, happened.sparring)

    def on_spar_declined(tx: Transaction, happened: SparDeclined) -> None:
        tell_no(tx, ours, happened.sparring)

    return {
        MeetingPublished: on_meeting_told,
        MeetingChanged: on_meeting_changed,
        MeetingCancelled: on_meeting_told,
        MeetingHeld: on_meeting_told,
        RegistrationUnconfirmed: on_registration_told,
        RegistrationRequested: on_registration_told,
        RegistrationRejected: on_registration_rejected,
        RegistrationConfirmed: on_registration_told,
        RegistrationWaitlisted: on_registration_told,
        RegistrationOffered: on_registration_told,
        RegistrationDeclined: on_registration_told,
        RegistrationExpired: on_registration_told,
        RegistrationCancelled: on_registration_told,
        RegistrationChanged: on_registration_told,
        RegistrationRepeated: on_registration_repeated,
        AcceptanceRefused: _done_by(refuse_acceptance, ours),
        TransferProposed: _once_meeting_is_known(mail_transfer, ours),
        ListDelivered: _once_meeting_is_known(mail_list, ours),
        SeriesJoined: _once_registrations_are_known(mail_series, ours),
        MessageWritten: _once_registrations_are_known(mail_message, ours),
        LinkRequested: _done_by(mail_link, ours),
        SparAsked: on_talk_told,
        SparAccepted: on_talk_told,
        SparMoved: on_talk_told,
        SparEnded: on_talk_told,
        SparDeclined: on_spar_declined,
        AccessChanged: on_access_changed,
        SeatsChanged: note_seats,
        ReferenceChanged: keep_reference,
        ExportRequested: lambda tx, happened: answer_export(tx, ours, ledger.pseudonyms, happened),
        ErasureRequested: lambda tx, happened: hear_erasure(tx, ledger, happened),
    }


def _done_by(action: Callable[[Transaction, OurAddresses, Any], None], ours: OurAddresses) -> Handler:
    """The handler of an event that one action does all that follows from."""
    return lambda tx, happened: action(tx, ours, happened)


def _once_meeting_is_known(action: Callable[[Transaction, OurAddresses, Any], None], ours: OurAddresses) -> Handler:
    """The same, of an event that may come before catalog told of its meeting."""

    def handle(tx: Transaction, happened: Any) -> None:
        try:
            action(tx, ours, happened)
        except MeetingUnknownError as unknown:
            raise WaitFor("meeting", happened.meeting_id) from unknown

    return handle


def _once_registrations_are_known(
    action: Callable[[Transaction, OurAddresses, Any], None], ours: OurAddresses
) -> Handler:
    """The same, of an event that may come before what became of those it concerns."""

    def handle(tx: Transaction, happened: Any) -> None:
        try:
            action(tx, ours, happened)
        except RegistrationUnknownError as unknown:
            raise WaitFor("registration", str(unknown)) from unknown

    return handle


def on_access_changed(tx: Transaction, happened: AccessChanged) -> None:
    """Keys and sessions open here what they open at registration."""
    keep_grant(tx, tables.grants, happened)


def _follow(tx: Transaction, ours: OurAddresses, registration: Registration, reason: str = "") -> None:
    try:
        follow_registration(tx, ours, registration, reason)
    except MeetingUnknownError as unknown:
        raise WaitFor("meeting", registration.meeting_id) from unknown
    mail_copy(tx, ours, registration)
