"""A calendar answers: whose answer is it, does it count, and what follows (calendar rules 18 to 22)."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, select

from services.notifications import tables
from services.notifications.actions.ask_whose import ask_whose
from services.notifications.actions.hear_answer import hear_answer
from services.notifications.actions.mail_invitation import mail_again, mail_counter, mail_delegated, mail_late
from services.notifications.actions.pass_on_question import pass_on_comment
from services.notifications.queries import sequence_of_mail
from services.notifications.rules.addresses import OurAddresses, owner_of
from services.notifications.rules.outcomes import Filed
from services.notifications.rules.replies import CHOICES, Incoming, Said, voice_of
from shared.calendar.reading import Heard, UnreadableCalendarError, read_answer
from shared.db.transaction import Transaction


def read_reply(tx: Transaction, ours: OurAddresses, mail: Incoming, invitation: Row[Any]) -> Filed:
    """Do what the calendar part of ``mail`` asks for. ``invitation``, whose token it came to, is locked."""
    try:
        heard = read_answer(mail.calendars[0])
    except UnreadableCalendarError:
        return Filed("refused", "unreadable", invitation.id)
    if heard.method not in {"REPLY", "COUNTER", "REFRESH"}:
        return Filed("refused", "other-method", invitation.id)
    if heard.uid != invitation.uid:
        return Filed("refused", "other-uid", invitation.id)
    return _by_method(tx, ours, heard, mail, invitation)


def _by_method(tx: Transaction, ours: OurAddresses, heard: Heard, mail: Incoming, invitation: Row[Any]) -> Filed:
    """REFRESH tells nobody anything new, so it may come from anyone who holds the address."""
    if heard.method == "REFRESH":
        mail_again(tx, ours, invitation)
        return Filed("acted", "refresh", invitation.id)
    voice = voice_of(heard, mail, _owner(tx, invitation))
    if voice is None:
        return ask_whose(tx, ours, mail, invitation)
    if heard.method == "COUNTER":
        mail_counter(tx, ours, invitation)
        pass_on_comment(tx, ours, mail, invitation, heard.comment)
        return Filed("acted", "counter", invitation.id)
    return take_answer(tx, ours, invitation, said_in(tx, heard, voice.partstat, mail), voice.partstat)


def take_answer(tx: Transaction, ours: OurAddresses, invitation: Row[Any], said: Said | None, partstat: str) -> Filed:
    """Let what the invited person said in a REPLY count, if it does; the invitation is locked."""
    if partstat == "DELEGATED":
        mail_delegated(tx, ours, invitation)
        return Filed("acted", "delegated", invitation.id)
    if said is None:
        return Filed("refused", "no-answer", invitation.id)
    verdict = hear_answer(tx, invitation, said)
    if verdict == "too-late" and said.choice == "accepted":
        mail_late(tx, ours, invitation)
    if verdict in ("accepted", "tentative", "declined"):
        return Filed("acted", verdict, invitation.id, said.choice)
    return Filed("idle", verdict, invitation.id, said.choice)


def said_in(tx: Transaction, heard: Heard, partstat: str, mail: Incoming) -> Said | None:
    """The answer, None where it is none. Without a SEQUENCE it is to the mail it refers to, else to the first."""
    choice = CHOICES.get(partstat)
    if choice is None:
        return None
    sequence = heard.sequence
    if sequence is None:
        sequence = sequence_of_mail(tx.session, mail.refers_to)
    return Said(choice=choice, sequence=sequence, stamped_at=heard.stamped_at or tx.now)


def _owner(tx: Transaction, invitation: Row[Any]) -> Collection[str]:
    """The invited address and its aliases, as keys."""
    address = owner_of(invitation.address)
    aliases = tx.session.scalars(select(tables.alias.c.address).where(tables.alias.c.owner == address))
    return {address, *aliases}
