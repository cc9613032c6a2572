"""What the holder of an invitation gets after their own answer: to the invited address, never to From.

Here a calendar object goes out that follows from no change of the facts: the same once more, or the end of it.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal

from sqlalchemy import Row

from services.notifications.actions.align_invitation import answer_of, end_invitation, next_stamp, told_to
from services.notifications.actions.queue_mail import Enclosed, Mail, queue_mail
from services.notifications.queries.invitations import holder_of, invitation_by_id
from services.notifications.rules.addresses import OurAddresses
from services.notifications.rules.sequence import Method, Partstat, Send, Told, said_yes
from shared.db.transaction import Transaction, new_id
from shared.events.registration import AcceptanceRefused


def mail_again(tx: Transaction, ours: OurAddresses, invitation: Row[Any]) -> bool:
    """The current REQUEST, with the same SEQUENCE, for whose calendar asked for it (REFRESH); once a day for each.

    False where nothing stands in that calendar.
    """
    return _again(tx, ours, invitation, f"{tx.now:%Y-%m-%d}")


def send_again(tx: Transaction, ours: OurAddresses, invitation: Row[Any]) -> bool:
    """The same for an organiser, as often as they press."""
    return _again(tx, ours, invitation, new_id())


def _again(tx: Transaction, ours: OurAddresses, invitation: Row[Any], which: str) -> bool:
    if invitation.state != "live" or invitation.told_holding is None:
        return False
    _enclose(tx, ours, invitation, "again", which)
    return True


def mail_counter(tx: Transaction, ours: OurAddresses, invitation: Row[Any]) -> None:
    """To whoever proposes another time: the meeting stands, and so does the seat (DECLINECOUNTER); once a day."""
    if invitation.state == "live":
        _enclose(tx, ours, invitation, "counter", f"{tx.now:%Y-%m-%d}")


def mail_refusal(tx: Transaction, ours: OurAddresses, invitation: Row[Any], mail: Mail) -> None:
    """Queue ``mail``, which says no to the other time that this calendar proposed, with a DECLINECOUNTER.

    So that the calendar forgets what it proposed too (RFC 5546 3.2.8); the invitation must be locked.
    """
    told = told_to(invitation)
    if told:
        _queue(tx, ours, invitation, mail, _as_it_stands("DECLINECOUNTER", told, invitation))
    else:
        queue_mail(tx, ours, mail)


def mail_delegated(tx: Transaction, ours: OurAddresses, invitation: Row[Any]) -> None:
    """To whoever sends a colleague from their calendar: how a seat is handed over; once a day."""
    key = f"delegated/{invitation.id}/{tx.now:%Y-%m-%d}"
    _plain(tx, ours, _mail(tx, invitation, "delegated", key))


def mail_late(tx: Transaction, ours: OurAddresses, invitation: Row[Any]) -> None:
    """To whoever accepts what was withdrawn: that it was; once for each state of the invitation."""
    key = f"too-late/{invitation.id}/{invitation.told_sequence}"
    _plain(tx, ours, _mail(tx, invitation, "too_late", key))


def withdraw_older(tx: Transaction, ours: OurAddresses, invitation: Row[Any]) -> None:
    """Take the entry of an earlier sign-up, which the person wants back, out of the calendar: a newer one counts.

    The invitation, which ended with their no, must be locked.
    """
    _withdraw(tx, ours, invitation, _mail(tx, invitation, "older_entry", f"older-entry/{invitation.id}"))


def refuse_acceptance(tx: Transaction, ours: OurAddresses, refused: AcceptanceRefused) -> None:
    """Take an invitation that was accepted, where there is no seat, out of the calendar, and say why (rule 14).

    Nothing where it does not live any more.
    """
    invitation = invitation_by_id(tx.session, refused.invitation_id)
    if invitation is None or invitation.state != "live":
        return
    key = f"no-seat/{invitation.id}/{invitation.told_sequence}"
    _withdraw(tx, ours, invitation, _mail(tx, invitation, "no_seat", key, {"reason": refused.reason}))


def mail_whose_answer(tx: Transaction, ours: OurAddresses, invitation: Row[Any], answer_id: str, by: str) -> None:
    """To the invited address: was the answer from ``by`` yours; once a day for each invitation."""
    key = f"was-it-you/{invitation.id}/{tx.now:%Y-%m-%d}"
    _plain(tx, ours, _mail(tx, invitation, "was_it_you", key, {"answer": answer_id, "by": by}))


def _withdraw(tx: Transaction, ours: OurAddresses, invitation: Row[Any], mail: Mail | None) -> None:
    """End an invitation with ``mail`` and a CANCEL; nothing where nothing was sent, or its person was erased."""
    told = told_to(invitation)
    if mail is None or told is None:
        return
    send = Send("CANCEL", told.sequence + 1, told.holding)
    end_invitation(tx, invitation.id, send)
    _queue(tx, ours, invitation, mail, send)


def _queue(tx: Transaction, ours: OurAddresses, invitation: Row[Any], mail: Mail, send: Send) -> None:
    queue_mail(tx, ours, mail, Enclosed(invitation.id, invitation.token, send, next_stamp(invitation, tx.now)))


def _plain(tx: Transaction, ours: OurAddresses, mail: Mail | None) -> None:
    """Nothing if its person was erased."""
    if mail:
        queue_mail(tx, ours, mail)


def _enclose(
    tx: Transaction, ours: OurAddresses, invitation: Row[Any], kind: Literal["again", "counter"], time: str
) -> None:
    """Queue what the calendar holds already, under its last SEQUENCE and a later stamp, once each ``time``."""
    told = told_to(invitation)
    mail = _mail(tx, invitation, kind, f"{kind}/{invitation.id}/{invitation.told_sequence}/{time}")
    if told is None or mail is None:
        return
    method: Method = "REQUEST" if kind == "again" else "DECLINECOUNTER"
    _queue(tx, ours, invitation, mail, _as_it_stands(method, told, invitation))


def _as_it_stands(method: Method, told: Told, invitation: Row[Any]) -> Send:
    """What the calendar holds already, under its last SEQUENCE."""
    partstat: Partstat = "ACCEPTED" if said_yes(told, answer_of(invitation)) else "NEEDS-ACTION"
    return Send(method, told.sequence, told.holding, partstat)


def _mail(
    tx: Transaction, invitation: Row[Any], kind: str, key: str, about: Mapping[str, Any] = MappingProxyType({})
) -> Mail | None:
    person = holder_of(tx.session, invitation)
    if person is None:
        return None
    return Mail(
        key=key,
        kind=kind,
        recipient=person.email or "",
        recipient_name=person.name,
        language=person.language,
        meeting_id=invitation.meeting_id,
        registration_id=invitation.registration_id,
        about=about,
    )
