"""Who is the one that does something: a row that is held for a while, and free again when nobody renews it."""

from datetime import datetime

from sqlalchemy import or_

from shared.db.transaction import Transaction, insert_into


def take_lease(tx: Transaction, name: str, holder: str, until: datetime) -> bool:
    """Whether ``holder`` now holds the lease ``name``, until then (aware UTC): it was theirs, free, or run out."""
    lease = tx.flow.lease
    wanted = insert_into(tx.session, lease).values(name=name, holder=holder, until=until)
    return bool(
        tx.session.scalar(
            wanted.on_conflict_do_update(
                index_elements=["name"],
                set_={"holder": wanted.excluded.holder, "until": wanted.excluded.until},
                where=or_(lease.c.holder == holder, lease.c.until < tx.now),
            ).returning(lease.c.holder)
        )
    )
