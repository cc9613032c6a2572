"""Who is the one that does something: a row that is held for a while, and free again when nobody renews it."""

from datetime import datetime, timedelta

from sqlalchemy import or_

from shared.db.transaction import Transaction, insert_into

_LONGEST = timedelta(hours=1)
"""Nobody asks for a lease that long: one that ends later was written by a clock that was wrong."""


def take_lease(tx: Transaction, name: str, holder: str, until: datetime) -> bool:
    """Whether ``holder`` now holds the lease ``name``, until then (aware UTC): it was theirs, free, or run out.

    One that seems to last for more than an hour is taken too: the clock was set back since.
    """
    lease = tx.flow.lease
    wanted = insert_into(tx.session, lease).values(name=name, holder=holder, until=until)
    return bool(
        tx.session.scalar(
            wanted.on_conflict_do_update(
                index_elements=["name"],
                set_={"holder": wanted.excluded.holder, "until": wanted.excluded.until},
                where=or_(lease.c.holder == holder, lease.c.until < tx.now, lease.c.until > tx.now + _LONGEST),
            ).returning(lease.c.holder)
        )
    )
