"""The audit log: who did what to which thing, when and why, also who looked at or took a list of people.

An entry is written in the transaction of what it tells of and names people by their ids only; ``shared.db.audit_chain``
seals it soon after. So people who sign up never wait for each other here.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from sqlalchemy import delete, select

from shared.db.ledger import Erased
from shared.db.transaction import Transaction, new_id
from shared.people.acts import ACTS


@dataclass(frozen=True, kw_only=True)
class Noted:
    """What is to be written: an ``act`` of ``shared.people.acts``, whose act it was, and what it was done to.

    ``by`` is the id of a person or a key, or ``operator`` or ``system``; ``thing`` an id too, such as a registration's.
    ``facts`` are codes and counts, never what somebody typed. ``why`` is in people's own words: it is kept apart, and
    the entry holds a salted hash of it.
    """

    act: str
    by: str
    thing: str = ""
    meeting_id: str | None = None
    why: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


def note(  # noqa: PLR0913  # the facts of one entry
    tx: Transaction,
    act: str,
    *,
    by: str,
    thing: str = "",
    meeting_id: str | None = None,
    why: str = "",
    facts: Mapping[str, object] | None = None,
) -> None:
    """Write one entry, in the commit of what it tells of. Raises ``LookupError`` for an unknown act."""
    note_all(tx, [Noted(act=act, by=by, thing=thing, meeting_id=meeting_id, why=why, facts=facts or {})])


def note_all(tx: Transaction, entries: Sequence[Noted]) -> None:
    """Write ``entries`` in their order. Raises ``LookupError`` for an unknown act."""
    audit = tx.flow.audit
    rows, reasons = [], []
    for entry in entries:
        if entry.act not in ACTS:
            raise LookupError(f"no act {entry.act!r}: add it to shared.people.acts")
        id_, salt = new_id(), secrets.token_hex(32)
        if entry.why:
            reasons.append({"entry_id": id_, "salt": salt, "why": entry.why})
        rows.append(
            {
                "id": id_,
                "at": tx.now,
                "act": entry.act,
                "by": entry.by,
                "thing": entry.thing,
                "meeting_id": entry.meeting_id,
                "facts": dict(entry.facts),
                "why_hash": hash_of_why(salt, entry.why) if entry.why else None,
            }
        )
    if not rows:
        return
    tx.session.execute(audit.entry.insert(), rows)
    tx.session.execute(audit.unsealed.insert(), [{"entry_id": row["id"]} for row in rows])
    if reasons:
        tx.session.execute(audit.why.insert(), reasons)


def hash_of_why(salt: str, why: str) -> str:
    """What an entry keeps of a reason: without the salt, which is erased with it, nobody can try words out on it."""
    return sha256(f"{salt}\n{why}".encode()).hexdigest()


def forget_person(tx: Transaction, erased: Erased) -> int:
    """Take the name of a person away, and why something was done to what is theirs; the chain holds without.

    Gives how many names and reasons that were.
    """
    audit = tx.flow.audit
    names = audit.name.c.name.in_(erased.within(tx.session, audit.name.c.name))
    forgotten = tx.session.scalars(delete(audit.name).where(names).returning(audit.name.c.id)).all()
    things = {thing for ids in erased.things.values() for thing in ids}
    about = select(audit.entry.c.id).where(audit.entry.c.thing.in_(things), audit.entry.c.at <= erased.since)
    reasons = delete(audit.why).where(audit.why.c.entry_id.in_(about)).returning(audit.why.c.entry_id)
    return len(forgotten) + len(tx.session.scalars(reasons).all())


def call_by_name(tx: Transaction, id_: str, name: str) -> None:
    """Remember what the person or key with this id is called, beside the log and not in it."""
    tx.upsert(tx.flow.audit.name, [{"id": id_, "name": name}])
