"""Erase somebody: first their calendar is told what they gave up, then all goes, a line for each table.

Whoever adds a table with a personal column adds its eraser here, or says in ``STAYS`` why it stays.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select

from services.notifications import tables
from services.notifications.actions.erase_tables import ERASERS, their_mails
from services.notifications.queries import steady_meeting_facts
from services.notifications.queries.facts import read_registration, read_sparring
from services.notifications.rules.desired import is_expected
from services.notifications.rules.sparring import is_ahead
from shared.bus.erasing import erase
from shared.db.due import plan
from shared.db.ledger import Erased, Ledger
from shared.db.transaction import Transaction
from shared.events.erasure import ErasureDone, ErasureRequested
from shared.events.registration import Registration

NAME: Final = "notifications"
ERASE_PERSON: Final = "erase-person"

PATIENCE = timedelta(days=1)
"""How long we try to take entries out of the person's calendar."""

_LOOK_AGAIN = timedelta(seconds=5)
_TAKEN = timedelta(seconds=30)
"""How long a CANCEL is left where it was delivered: a folder is emptied by whoever reads it."""

Shred = Callable[[Erased, Collection[str]], object]
"""Removes the files of mails to and from a person, and those with these Message-IDs."""


def hear_erasure(tx: Transaction, ledger: Ledger, asked: ErasureRequested) -> None:
    """Begin to erase this person; once done, nothing happens."""
    if ledger.write(tx, asked.person, asked.requested_at):
        plan(tx, ERASE_PERSON, asked.person, tx.now)


def erase_person(tx: Transaction, ledger: Ledger, shred: Shred, person: str) -> None:
    """Due work: erase all of this person from before they asked, and tell that it is done; not before the calendar
    was told, or a day has passed.
    """
    entry = ledger.entry(tx.session, person)
    if entry is None or entry.done_at is not None:
        return
    erased = _what_is_theirs(tx, Erased(person, entry.requested_at, ledger.pseudonyms))
    if tx.now < erased.since + PATIENCE and _is_owed(tx, erased):
        plan(tx, ERASE_PERSON, person, tx.now + _LOOK_AGAIN)
        return
    undelivered = _on_their_way(tx, erased)
    shred(erased, tx.session.scalars(select(tables.outgoing_mail.c.message_id).where(their_mails(tx, erased))).all())
    counts = erase(tx, ledger, ERASERS, erased)
    tx.publish(
        ErasureDone(
            person=person,
            requested_at=erased.since,
            done_at=tx.now,
            counts=counts,
            service=NAME,
            undelivered=undelivered,
        )
    )


def _what_is_theirs(tx: Transaction, erased: Erased) -> Erased:
    """With the registrations of before the request, the invitations, and the talks with others."""
    known, invitation = tables.registration, tables.invitation
    addresses = erased.within(tx.session, known.c.address)
    rows = tx.session.execute(select(known.c.id, known.c.facts).where(known.c.address.in_(addresses))).all()
    ids = {row.id for row in rows if not _is_new(read_registration(row.facts), erased)}
    owners = erased.within(tx.session, invitation.c.address)
    made = select(invitation.c.id).where(invitation.c.address.in_(owners), invitation.c.made_at <= erased.since)
    theirs = {"registration": ids, "invitation": set(tx.session.scalars(made)), "sparring": _talks(tx, erased)}
    return replace(erased, things=theirs)


def _talks(tx: Transaction, erased: Erased) -> set[str]:
    """Of either of the two."""
    talk = tables.sparring
    known = tx.session.execute(select(talk.c.id, talk.c.facts)).all()
    return {row.id for row in known if erased.is_named_in(row.facts) and not _is_newer(row.facts, erased)}


def _is_newer(facts: Mapping[str, Any], erased: Erased) -> bool:
    begun_at = facts.get("createdAt")
    return begun_at is not None and datetime.fromisoformat(begun_at) > erased.since


def _is_new(registration: Registration, erased: Erased) -> bool:
    """Whether somebody signed up again after they asked to be erased."""
    return registration.asked_at is not None and registration.asked_at > erased.since


def _is_owed(tx: Transaction, erased: Erased) -> bool:
    """Whether the calendar is still to hear of something: what was given up, or the mail that says so."""
    return _is_expected_somewhere(tx, erased) or bool(_on_their_way(tx, erased)) or _was_just_told(tx, erased)


def _is_expected_somewhere(tx: Transaction, erased: Erased) -> bool:
    """Registration gave everything up before it told us, but that may still be to come."""
    known = tables.registration
    facts = tx.session.scalars(select(known.c.facts).where(known.c.id.in_(erased.things["registration"])))
    for registration in map(read_registration, facts):
        meeting = steady_meeting_facts(tx.session, registration.meeting_id)
        if meeting and meeting.starts_at > tx.now and is_expected(meeting, registration):
            return True
    talks = tables.sparring
    facts = tx.session.scalars(select(talks.c.facts).where(talks.c.id.in_(erased.things["sparring"])))
    return any(is_ahead(talk, tx.now) for talk in map(read_sparring, facts))


def _on_their_way(tx: Transaction, erased: Erased) -> int:
    """How many mails still wait that take something out of the calendar."""
    mail = tables.outgoing_mail
    unsent = (mail.c.method == "CANCEL", mail.c.status.in_(("waiting", "sending")), their_mails(tx, erased))
    return tx.session.scalar(select(func.count()).select_from(mail).where(*unsent)) or 0


def _was_just_told(tx: Transaction, erased: Erased) -> bool:
    mail = tables.outgoing_mail
    told = (mail.c.method == "CANCEL", mail.c.sent_at > tx.now - _TAKEN, their_mails(tx, erased))
    return tx.session.scalar(select(mail.c.id).where(*told).limit(1)) is not None
