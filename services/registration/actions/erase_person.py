"""Erase somebody: a line for each table that holds something of people, and their seats go to who waits.

What counts stays: that somebody of this target group and organisation came. Whoever adds a table with a personal column
adds its eraser here, or says in ``STAYS`` why it stays.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Table, delete, or_, select, update
from sqlalchemy.engine import Result

from services.registration.actions.cancel_registration import cancel_registration
from services.registration.actions.leave_network import leave_network
from services.registration.actions.set_standing import by_system
from services.registration.queries.registrations import registration_by
from services.registration.rules.standing import is_registered
from services.registration.tables import (
    brought_question,
    consent,
    erasure_receipt,
    export,
    export_part,
    history,
    idempotency,
    list_delivery,
    my_data_link,
    network_block,
    network_hiding,
    person_link,
    person_session,
    profile,
    registration,
    transfer,
)
from shared.bus.erasing import erase
from shared.db.ledger import Erased, Eraser, Ledger
from shared.db.transaction import Transaction
from shared.events.erasure import ErasureDone
from shared.i18n import N_

NAME: Final = "registration"

NOBODY: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "address_key": None,
        "email": None,
        "name": "",
        "organisation": "",
        "answers": {},
        "needs": {},
        "phone": None,
        "note": "",
        "listed": False,
        "override_reason": None,
        "link_version": registration.c.link_version + 1,  # the link in older mails opens nothing any more
    }
)
"""What a registration holds whose person was taken out."""


def erase_person(tx: Transaction, ledger: Ledger, person: str, since: datetime) -> None:
    """Erase all of this person that is older than ``since`` (aware UTC), and tell that it is done."""
    erased = _what_is_theirs(tx, Erased(person, since, ledger.pseudonyms))
    counts = erase(tx, ledger, ERASERS, erased)
    theirs = [registration_by(tx.session, registration_id) for registration_id in erased.things["registration"]]
    for row in sorted(filter(None, theirs), key=lambda row: row.meeting_id):  # see lock_meetings
        if is_registered(row.status):  # only in a database that was put back to an older state
            cancel_registration(tx, row.id, by_system("erase"))
    note_receipt(tx, ErasureDone(person=person, requested_at=since, done_at=tx.now, counts=counts, service=NAME))
    tx.publish(ErasureDone(person=person, requested_at=since, done_at=tx.now, counts=counts, service=NAME))


def note_receipt(tx: Transaction, done: ErasureDone) -> None:
    """Keep what a service erased, for the page of the person; unless a later request is under way."""
    mine = (erasure_receipt.c.person == done.person, erasure_receipt.c.service == done.service)
    known = tx.session.execute(select(erasure_receipt).where(*mine)).one_or_none()
    if known and known.requested_at > done.requested_at:
        return
    row = {
        "person": done.person,
        "service": done.service,
        "requested_at": done.requested_at,
        "done_at": done.done_at,
        "counts": dict(done.counts),
        "undelivered": done.undelivered,
    }
    tx.upsert(erasure_receipt, [row])


def _what_is_theirs(tx: Transaction, erased: Erased) -> Erased:
    """With the registrations of before the request; one that was used again after it is new."""
    older = select(registration.c.id, registration.c.address_key).where(registration.c.asked_at <= erased.since)
    known = tx.session.execute(older.where(registration.c.address_key.is_not(None))).all()
    ids = {row.id for row in known if erased.is_theirs(row.address_key)}
    return replace(erased, things={"registration": ids})


def _erase_registrations(tx: Transaction, erased: Erased) -> int:
    """The row stays, for it counts; nobody can tell any more whose it was."""
    mine = update(registration).where(registration.c.id.in_(erased.things["registration"]))
    return _rows(tx.session.execute(mine.values(NOBODY)))


def _erase_history(tx: Transaction, erased: Erased) -> int:
    mine = update(history).where(history.c.registration_id.in_(erased.things["registration"]), history.c.reason != "")
    return _rows(tx.session.execute(mine.values(reason="")))


def _erase_transfers(tx: Transaction, erased: Erased) -> int:
    addresses = erased.within(tx.session, transfer.c.address_key)
    theirs = or_(
        transfer.c.registration_id.in_(erased.things["registration"]),
        transfer.c.address_key.in_(addresses) & (transfer.c.proposed_at <= erased.since),
    )
    return _rows(tx.session.execute(delete(transfer).where(theirs)))


def _erase_answers(tx: Transaction, erased: Erased) -> int:
    """An answer does not say whose it is: all of the meeting go. Who asks again is answered as a newcomer is."""
    meetings = select(registration.c.meeting_id).where(registration.c.id.in_(erased.things["registration"]))
    older = idempotency.c.created_at <= erased.since
    return _rows(tx.session.execute(delete(idempotency).where(idempotency.c.meeting_id.in_(meetings), older)))


def _erase_deliveries(tx: Transaction, erased: Erased) -> int:
    """That a list went out stays; its own id stands where the address did, for a line is told apart by it."""
    mine = list_delivery.c.email.in_(erased.within(tx.session, list_delivery.c.email))
    return _rows(tx.session.execute(update(list_delivery).where(mine).values(email=list_delivery.c.id)))


def _erase_consents(tx: Transaction, erased: Erased) -> int:
    mine = consent.c.address_key.in_(erased.within(tx.session, consent.c.address_key))
    return _rows(tx.session.execute(delete(consent).where(mine, consent.c.given_at <= erased.since)))


def _erase_sessions(tx: Transaction, erased: Erased) -> int:
    """Signed out everywhere."""
    mine = person_session.c.address_key.in_(erased.within(tx.session, person_session.c.address_key))
    return _rows(tx.session.execute(delete(person_session).where(mine, person_session.c.signed_in_at <= erased.since)))


def _erase_sign_in_links(tx: Transaction, erased: Erased) -> int:
    mine = person_link.c.address_key.in_(erased.within(tx.session, person_link.c.address_key))
    return _rows(tx.session.execute(delete(person_link).where(mine)))


def _erase_links(tx: Transaction, erased: Erased) -> int:
    """Whoever opened one still reads the receipts with it: it knows the person by the hash alone."""
    mine = my_data_link.c.person == erased.person
    return _rows(tx.session.execute(update(my_data_link).where(mine, my_data_link.c.email != "").values(email="")))


def _erase_export_parts(tx: Transaction, erased: Erased) -> int:
    mine = select(export.c.id).where(export.c.person == erased.person)
    return _rows(tx.session.execute(delete(export_part).where(export_part.c.export_id.in_(mine))))


def _erase_blocks(tx: Transaction, erased: Erased) -> int:
    """Who blocked the person keeps that right, and no longer has their address."""
    addresses = erased.within(tx.session, network_block.c.blocked_key)
    of_others = (network_block.c.blocked_key.in_(addresses), network_block.c.blocked_at <= erased.since)
    nobody = {"blocked_key": erased.person, "name": ""}
    return _rows(tx.session.execute(update(network_block).where(*of_others).values(nobody)))


def _erase_hidings(tx: Transaction, erased: Erased) -> int:
    """Who was taken out of sight stays so, should they come back: the hash stands for the address until then."""
    addresses = erased.within(tx.session, network_hiding.c.address_key)
    mine = (network_hiding.c.address_key.in_(addresses), network_hiding.c.hidden_at <= erased.since)
    nobody = {"address_key": erased.person, "reason": ""}
    return _rows(tx.session.execute(update(network_hiding).where(*mine).values(nobody)))


def _erase_questions(tx: Transaction, erased: Erased) -> int:
    mine = brought_question.c.registration_id.in_(erased.things["registration"])
    return _rows(tx.session.execute(delete(brought_question).where(mine)))


def _erase_profiles(tx: Transaction, erased: Erased) -> int:
    """With all that hangs on it: what others reported, and whom the person kept away."""
    mine = profile.c.address_key.in_(erased.within(tx.session, profile.c.address_key))
    ids = tx.session.scalars(select(profile.c.id).where(mine, profile.c.created_at <= erased.since)).all()
    for profile_id in ids:
        leave_network(tx, profile_id)
    return len(ids)


def _rows(result: Result[Any]) -> int:
    return int(result.rowcount)  # type: ignore[attr-defined]  # an UPDATE's and a DELETE's result has it


ERASERS: Final[Mapping[Table, Eraser]] = MappingProxyType(
    {
        history: _erase_history,
        transfer: _erase_transfers,
        idempotency: _erase_answers,
        list_delivery: _erase_deliveries,
        my_data_link: _erase_links,
        person_link: _erase_sign_in_links,
        person_session: _erase_sessions,
        export_part: _erase_export_parts,
        brought_question: _erase_questions,
        network_block: _erase_blocks,
        network_hiding: _erase_hidings,
        profile: _erase_profiles,
        consent: _erase_consents,
        registration: _erase_registrations,  # the last: others find by it what is theirs
    }
)
"""How a person is taken out of each table, in this order."""

_THE_OFFICE = N_("the office of a meeting stands for the meeting, also where it has somebody's name")

STAYS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "meeting.facts": _THE_OFFICE,
        "message.subject": N_("what an organiser wrote to all who come is theirs"),
        "message.text": N_("what an organiser wrote to all who come is theirs"),
        "organiser.address_key": N_("who has a role keeps it: a programme manager ends it first"),
        "organiser.email": N_("who has a role keeps it: a programme manager ends it first"),
        "issuer_person.subject": N_("who has a role keeps it: it ends where they sign in"),
        "issuer_person.known_as": N_("who has a role keeps it: it ends where they sign in"),
        "issued_key.name": N_("the name of a key is its maker's"),
    }
)
"""What of a person stays, by column, and why: the page says so."""
