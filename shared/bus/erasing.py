"""Take a person out of the event flow: out of the journal, and out of what came in and still waits.

What was told stays told, with its id and its version: only who it was is gone. An event that is nothing without the
person, such as a mail that was to be sent, is not handled any more.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from marshmallow import ValidationError
from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from shared.db.audit import forget_person, note
from shared.db.ledger import Erased, Eraser, Ledger
from shared.db.transaction import Transaction
from shared.events import CONTRACTS
from shared.events.cleansing import addresses_in, without_address, without_person
from shared.events.contract import Contract, personal_paths
from shared.events.envelope import Envelope, UnreadableEventError, seal, unseal

_TELLING_OF_PEOPLE = [name for name, contract in CONTRACTS.items() if personal_paths(contract.of)]
_ADDRESS = re.compile(r"[^\s\"'<>(),;:\\]+@[^\s\"'<>(),;:\\]+")


def erase(tx: Transaction, ledger: Ledger, erasers: Mapping[Table, Eraser], erased: Erased) -> dict[str, int]:
    """Take the person out of every table that has an eraser, out of the audit log's names and reasons and out of the
    event flow; gives how many rows of each.

    What was done already is done again without a trace: so the ledger is held against a database from a backup.
    """
    done = {table.name: take_out(tx, erased) for table, take_out in erasers.items()}
    done |= {
        "audit": forget_person(tx, erased),
        "outbox": _erase_journal(tx, erased),
        "inbox": _erase_inbox(tx, erased),
    }
    ledger.tick_off(tx, erased.person)
    counts = {name: count for name, count in done.items() if count}
    if counts:
        note(tx, "person.erased", by="system", thing=erased.person, facts=counts)
    return counts


def empty_told(tx: Transaction, aggregate: str, aggregate_id: str) -> None:
    """Take out of the journal who or what was told about one thing, when nobody needs it any more."""
    outbox = tx.flow.outbox
    mine = (outbox.c.aggregate == aggregate, outbox.c.aggregate_id == aggregate_id)
    for row in tx.session.execute(select(outbox.c.position, outbox.c.type, outbox.c.payload).where(*mine)).all():
        emptied = without_person(CONTRACTS[row.type], row.payload)
        tx.session.execute(update(outbox).where(outbox.c.position == row.position).values(payload=emptied))


def heard(ledger: Ledger, tx: Transaction, contract: Contract, envelope: Envelope) -> Mapping[str, Any] | None:
    """What of an event may be handled: without the person where they were erased since; None where nothing is left."""
    moments = (ledger.erased_since(tx.session, address) for address in addresses_in(contract, envelope.data))
    if not any(since and envelope.occurred_at <= since for since in moments):
        return envelope.data
    return without_person(contract, envelope.data) if contract.carries_state else None


def stands_in(text: str, erased: Erased) -> bool:
    """Whether an address of the person stands anywhere in ``text``, of whatever kind that is."""
    return erased.is_named_in(_ADDRESS.findall(text))


def names_erased(ledger: Ledger, session: Session, text: str, written_at: datetime | None) -> bool:
    """Whether somebody stands in ``text`` who was erased since it was written (aware UTC; None: long ago)."""
    moments = (ledger.erased_since(session, address) for address in set(_ADDRESS.findall(text)))
    return any(since and (written_at is None or written_at <= since) for since in moments)


def _erase_journal(tx: Transaction, erased: Erased) -> int:
    outbox = tx.flow.outbox
    rows = tx.session.execute(
        select(outbox.c.position, outbox.c.type, outbox.c.aggregate, outbox.c.aggregate_id, outbox.c.payload)
        .where(outbox.c.type.in_(_TELLING_OF_PEOPLE), outbox.c.occurred_at <= erased.since)
        .execution_options(yield_per=1000)
    )
    changed = []
    for row in rows:
        emptied = _emptied(row, erased)
        if emptied != row.payload:
            changed.append({"row": row.position, "emptied": emptied})
    if changed:
        emptying = update(outbox).where(outbox.c.position == bindparam("row")).values(payload=bindparam("emptied"))
        tx.session.execute(emptying, changed)
    return len(changed)


def _emptied(row: Any, erased: Erased) -> dict[str, Any]:
    """What stays of an event of our own; the facts of a meeting stay, whoever they name."""
    contract = CONTRACTS[row.type]
    if row.aggregate_id in erased.things.get(row.aggregate, ()):
        return without_person(contract, row.payload)
    if not contract.whose:
        payload: dict[str, Any] = row.payload
        return payload
    if any(map(erased.is_theirs, addresses_in(contract, row.payload))):
        return without_person(contract, row.payload)
    return without_address(contract, row.payload, erased.is_theirs)


def _erase_inbox(tx: Transaction, erased: Erased) -> int:
    inbox = tx.flow.inbox
    kept = tx.session.execute(select(inbox.c.id, inbox.c.body).where(inbox.c.body.is_not(None))).all()
    changed = 0
    for row in kept:
        left = _left_of(row.body, erased)
        if left == row.body:
            continue
        values = {"body": left} if left else {"body": None, "state": "done"}
        tx.session.execute(update(inbox).where(inbox.c.id == row.id).values(values))
        changed += 1
    return changed


def _left_of(body: str, erased: Erased) -> str | None:
    """What stays of an event of others; None where nothing does.

    What is no event, or not one as we know it, goes if the person stands in it; what we do not know of one goes too.
    """
    try:
        envelope = unseal(body.encode())
    except UnreadableEventError:
        return None if stands_in(body, erased) else body
    contract = CONTRACTS.get(envelope.type)
    if contract is None or not contract.whose:
        return None if contract is None and stands_in(body, erased) else body
    is_named = any(map(erased.is_theirs, addresses_in(contract, envelope.data)))
    if envelope.occurred_at > erased.since or not is_named:
        return body
    if not contract.carries_state or envelope.type_version > contract.version:
        return None
    try:
        known = contract.load(without_person(contract, envelope.data))
    except ValidationError:
        return None  # who knows where else they stand in it
    return seal(replace(envelope, data=contract.dump(known))).decode()
