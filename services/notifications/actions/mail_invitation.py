"""Mails to the holder of an invitation that follow from their answer: to the invited address, never to From."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal

from sqlalchemy import Row, update

from services.notifications import tables
from services.notifications.actions.align_invitation import next_stamp
from services.notifications.actions.queue_mail import Enclosed, Mail, queue_mail
from services.notifications.queries import holder_of, read_holding
from services.notifications.rules.addresses import OurAddresses
from services.notifications.rules.sequence import Send
from shared.db.transaction import Transaction, new_id


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
    mail = _mail(tx, invitation, "older_entry", f"older-entry/{invitation.id}")
    if mail is None or invitation.told_holding is None:
        return
    mine = tables.invitation.c.id == invitation.id
    tx.session.execute(update(tables.invitation).where(mine).values(state="cancelled"))
    send = Send("CANCEL", invitation.told_sequence + 1, read_holding(invitation.told_holding))
    queue_mail(tx, ours, mail, Enclosed(invitation.id, invitation.token, send, next_stamp(invitation, tx.now)))


def mail_whose_answer(tx: Transaction, ours: OurAddresses, invitation: Row[Any], answer_id: str, by: str) -> None:
    """To the invited address: was the answer from ``by`` yours; once a day for each invitation."""
    key = f"was-it-you/{invitation.id}/{tx.now:%Y-%m-%d}"
    _plain(tx, ours, _mail(tx, invitation, "was_it_you", key, {"answer": answer_id, "by": by}))


def _plain(tx: Transaction, ours: OurAddresses, mail: Mail | None) -> None:
    """Nothing if its person was erased."""
    if mail:
        queue_mail(tx, ours, mail)


def _enclose(
    tx: Transaction, ours: OurAddresses, invitation: Row[Any], kind: Literal["again", "counter"], time: str
) -> None:
    """Queue what the calendar holds already, under its last SEQUENCE and a later stamp, once each ``time``."""
    if invitation.told_holding is None:
        return
    said_yes = invitation.answer == "accepted" and invitation.answer_sequence >= invitation.asked_anew
    send = Send(
        "REQUEST" if kind == "again" else "DECLINECOUNTER",
        invitation.told_sequence,
        read_holding(invitation.told_holding),
        "ACCEPTED" if said_yes else "NEEDS-ACTION",
    )
    key = f"{kind}/{invitation.id}/{invitation.told_sequence}/{time}"
    mail = _mail(tx, invitation, kind, key)
    if mail:
        queue_mail(tx, ours, mail, Enclosed(invitation.id, invitation.token, send, next_stamp(invitation, tx.now)))


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
