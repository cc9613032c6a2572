"""Somebody wants to be erased: their seats are given back first, then every service erases, registration the last.

Notifications takes the entries out of the calendar and needs the address for it, so what registration holds goes when
that is done, or given up after a day.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from services.registration.actions.cancel_registration import cancel_registration
from services.registration.actions.erase_person import erase_person, note_receipt
from services.registration.actions.leave_network import leave_network
from services.registration.actions.leave_sparring import leave_sparring
from services.registration.actions.set_standing import Act
from services.registration.queries.my_data import SERVICES
from services.registration.queries.network import profile_of
from services.registration.rules.standing import is_registered
from services.registration.tables import erasure_receipt, profile, registration
from shared.db.due import plan
from shared.db.ledger import Ledger
from shared.db.transaction import Transaction
from shared.events.erasure import ErasureDone, ErasureRequested
from shared.people.pseudonyms import folded

ERASE = "erase-person"
PATIENCE = timedelta(days=1)
"""How long we try to take entries out of calendars."""


def ask_erasure(tx: Transaction, ledger: Ledger, email: str) -> datetime:
    """Let the person behind this address be erased everywhere; gives the moment before which all of theirs goes.

    Asked again while it is under way, nothing changes.
    """
    person = ledger.pseudonyms.of(email)
    known = ledger.entry(tx.session, person)
    if known and known.done_at is None:
        under_way: datetime = known.requested_at
        return under_way
    _give_back_seats(tx, folded(email))
    _leave_network(tx, folded(email))
    _end_talks(tx, folded(email))
    begin_erasure(tx, ledger, person, tx.now)
    tx.publish(ErasureRequested(person=person, requested_at=tx.now, email=email))
    return tx.now


def begin_erasure(tx: Transaction, ledger: Ledger, person: str, since: datetime) -> bool:
    """Write it down, with a receipt still to come of each service; False where it was done already."""
    if not ledger.write(tx, person, since):
        return False
    waiting = {"person": person, "requested_at": since, "done_at": None, "counts": {}, "undelivered": 0}
    known = select(erasure_receipt.c.service).where(
        erasure_receipt.c.person == person, erasure_receipt.c.requested_at >= since
    )
    answered = set(tx.session.scalars(known))
    tx.upsert(erasure_receipt, [{**waiting, "service": name} for name in SERVICES if name not in answered])
    plan(tx, ERASE, person, since + PATIENCE)
    return True


def follow_erasure(tx: Transaction, ledger: Ledger, done: ErasureDone) -> None:
    """A service erased somebody; when the calendars hold nothing any more, registration does so too.

    One that we do not know of was asked for before our database was put back to an older state: our journal says it
    again, so that whoever is put back after us hears of it.
    """
    known = ledger.entry(tx.session, done.person)
    if known is None or known.requested_at < done.requested_at:
        tx.publish(ErasureRequested(person=done.person, requested_at=done.requested_at))
    begun = begin_erasure(tx, ledger, done.person, done.requested_at)
    note_receipt(tx, done)
    if begun and done.service == "notifications":
        erase_person(tx, ledger, done.person, done.requested_at)


def erase_at_last(tx: Transaction, ledger: Ledger, person: str) -> None:
    """Due work: erase what is still here a day later."""
    entry = ledger.entry(tx.session, person)
    if entry and entry.done_at is None:
        erase_person(tx, ledger, person, entry.requested_at)


def _end_talks(tx: Transaction, address_key: str) -> None:
    """What the person was to talk over with others leaves the calendars of both."""
    mine = tx.session.scalar(select(profile.c.id).where(profile.c.address_key == address_key))
    if mine:
        leave_sparring(tx, mine)


def _leave_network(tx: Transaction, address_key: str) -> None:
    """At once, so that whom a talk was agreed with hears of it."""
    known = profile_of(tx.session, address_key)
    if known is not None:
        leave_network(tx, known.id)


def _give_back_seats(tx: Transaction, address_key: str) -> None:
    """In the order of the meetings' ids, so that two never wait for each other's lock; what is over stays as it was."""
    mine = select(registration.c.id, registration.c.status).where(registration.c.address_key == address_key)
    act = Act(name="cancel", cause="participant", by="participant")
    for row in tx.session.execute(mine.order_by(registration.c.meeting_id, registration.c.id)).all():
        if is_registered(row.status):
            cancel_registration(tx, row.id, act)
