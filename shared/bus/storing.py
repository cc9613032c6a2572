"""What came in is stored first, once, in the transaction in which it is handled."""

from collections.abc import Iterable

from sqlalchemy import func, select

from shared.bus.arrivals import Arrival
from shared.db.transaction import Transaction, insert_into


def lock(tx: Transaction) -> None:
    """One sitting at a time in a service: two would race for the order of a stream."""
    tx.upsert(tx.flow.lease, [{"name": "inbox", "holder": "whoever has it locked", "until": tx.now}])


def store(tx: Transaction, arrivals: Iterable[Arrival]) -> list[Arrival]:
    """Store ``arrivals`` as done, which nearly all are in a moment; give those that were not here yet."""
    lock(tx)
    inbox = tx.flow.inbox
    unique = {arrival.id: arrival for arrival in arrivals}
    if not unique:
        return []
    last = tx.session.scalar(select(func.max(inbox.c.position))) or 0
    stored = tx.session.scalars(
        insert_into(tx.session, inbox).on_conflict_do_nothing(index_elements=["id"]).returning(inbox.c.id),
        [
            {
                "id": arrival.id,
                "position": position,
                **arrival.stream._asdict(),
                **arrival.place._asdict(),
                "type": arrival.type,
                "state": "done",
                "attempts": 0,
                "received_at": arrival.received_at,
            }
            for position, arrival in enumerate(unique.values(), last + 1)
        ],
    )
    new = set(stored)
    return [arrival for arrival in unique.values() if arrival.id in new]
