"""A calendar answers: whose answer is it, does it count, and what follows (calendar rules 18 to 22)."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, select

from services.notifications import tables
from services.notifications.actions.align_guest import let_go
from services.notifications.actions.ask_whose import ask_whose
from services.notifications.actions.hear_answer import hear_answer, hear_proposal
from services.notifications.actions.mail_invitation import (
    mail_again,
    mail_counter,
    mail_delegated,
    mail_late,
    withdraw_older,
)
from services.notifications.actions.pass_on_question import pass_on_comment
from services.notifications.actions.pass_on_words import pass_on_words
from services.notifications.queries.mails import sequence_of_mail
from services.notifications.queries.sparring import sparring_of
from services.notifications.rules.addresses import OurAddresses, owner_of
from services.notifications.rules.outcomes import Claim, Filed
from services.notifications.rules.replies import CHOICES, Incoming, Said, stranger_of, voice_of
from shared.calendar.reading import Heard, Voice
from shared.db.transaction import Transaction

_ASKED_FOR = {"REPLY", "COUNTER", "REFRESH"}


def read_reply(tx: Transaction, ours: OurAddresses, mail: Incoming, invitation: Row[Any]) -> Filed:
    """Do what the calendar part of ``mail`` asks for. ``invitation``, whose token it came to, is locked."""
    heard = _heard_in(mail)
    if heard is None:
        return Filed("refused", "unreadable")
    if heard.method not in _ASKED_FOR:
        return Filed("refused", "other-method")
    if heard.uid != invitation.uid:
        return Filed("refused", "other-uid")
    return _by_method(tx, ours, heard, mail, invitation)


def take_answer(tx: Transaction, ours: OurAddresses, invitation: Row[Any], said: Said) -> Filed:
    """Let what the invited person said count, if it does; the invitation is locked."""
    verdict = hear_answer(tx, invitation, said)
    if verdict == "declined":
        let_go(tx, ours, invitation.id)
    if verdict == "too-late" and said.choice == "accepted" and sparring_of(tx.session, invitation) is None:
        mail_late(tx, ours, invitation)
    if verdict == "superseded":
        withdraw_older(tx, ours, invitation)
        return Filed("acted", verdict, said.choice)
    if verdict in ("accepted", "tentative", "declined"):
        return Filed("acted", verdict, said.choice)
    return Filed("idle", verdict, said.choice)


def _heard_in(mail: Incoming) -> Heard | None:
    """The first calendar part that can be read, an answer before anything else: invitations come along when quoted."""
    readable = [heard for heard in mail.calendars if heard]
    return min(readable, key=lambda heard: heard.method not in _ASKED_FOR, default=None)


def _by_method(tx: Transaction, ours: OurAddresses, heard: Heard, mail: Incoming, invitation: Row[Any]) -> Filed:
    """REFRESH tells nobody anything new, so it may come from anyone who holds the address."""
    if heard.method == "REFRESH":
        is_sent = mail_again(tx, ours, invitation)
        return Filed("acted", "refresh") if is_sent else Filed("idle", "not-current")
    voice = voice_of(heard, mail, _owner(tx, invitation))
    if voice is None:
        return _not_theirs(tx, ours, heard, mail, invitation)
    if heard.method == "COUNTER":
        return _countered(tx, ours, heard, mail, invitation)
    if voice.partstat == "DELEGATED":
        return _delegated(tx, ours, invitation)
    said = _said_in(tx, heard, voice, mail, invitation)
    return take_answer(tx, ours, invitation, said) if said else Filed("refused", "no-answer")


def _delegated(tx: Transaction, ours: OurAddresses, invitation: Row[Any]) -> Filed:
    """A seat can be handed over; to a talk for two nobody else can come."""
    if sparring_of(tx.session, invitation):
        return Filed("idle", "delegated")
    mail_delegated(tx, ours, invitation)
    return Filed("acted", "delegated")


def _countered(tx: Transaction, ours: OurAddresses, heard: Heard, mail: Incoming, invitation: Row[Any]) -> Filed:
    """Another time is proposed: a meeting stands; of two who talk to each other the other one is asked."""
    if sparring_of(tx.session, invitation) is None:
        mail_counter(tx, ours, invitation)
        pass_on_comment(tx, ours, mail, invitation, heard.comment)
        return Filed("acted", "counter")
    if invitation.state != "live" or heard.starts_at is None:
        return Filed("idle", "not-current")
    hear_proposal(tx, invitation, heard.starts_at)
    pass_on_words(tx, ours, mail, invitation, heard.comment)
    return Filed("acted", "counter")


def _not_theirs(tx: Transaction, ours: OurAddresses, heard: Heard, mail: Incoming, invitation: Row[Any]) -> Filed:
    """Somebody else answers: who, must be clear, or there is nothing to ask the invited person about."""
    stranger = stranger_of(heard, mail)
    if stranger is None:
        return Filed("refused", "no-answer")
    said = _said_in(tx, heard, stranger, mail, invitation) if heard.method == "REPLY" else None
    return ask_whose(tx, ours, mail, invitation, Claim(stranger.address, said))


def _said_in(tx: Transaction, heard: Heard, voice: Voice, mail: Incoming, invitation: Row[Any]) -> Said | None:
    """The answer, None where it is none. Without a SEQUENCE it is to the mail it refers to, else to the first."""
    choice = CHOICES.get(voice.partstat)
    if choice is None:
        return None
    sequence = heard.sequence
    if sequence is None:
        sequence = sequence_of_mail(tx.session, invitation.id, mail.refers_to)
    sequence = min(sequence, invitation.told_sequence or 0)  # what was never sent cannot be answered
    return Said(choice=choice, sequence=sequence, stamped_at=heard.stamped_at or tx.now)


def _owner(tx: Transaction, invitation: Row[Any]) -> Collection[str]:
    """The invited address and its aliases, as keys."""
    address = owner_of(invitation.address)
    aliases = tx.session.scalars(select(tables.alias.c.address).where(tables.alias.c.owner == address))
    return {address, *aliases}
