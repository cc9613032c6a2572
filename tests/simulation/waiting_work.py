"""What still waits to be done in the databases of a life, and from when on it may be: nothing is asked in vain."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from services.notifications.tables import outgoing_mail
from shared.bus.handling import UNFINISHED
from shared.db.base import FlowTables, Instant
from shared.db.transaction import Database

_NOW = bindparam("now", type_=Instant())


def waiting_work(database: Database) -> Mapping[str, datetime]:
    """The moment (aware UTC) from which each part has something to do, by its name; not what is planned for later."""
    has_mail = "outgoing_mail" in database.flow.outbox.metadata.tables
    with database.reading() as session:
        row = session.execute(_waiting(database.flow, has_mail=has_mail), {"now": database.clock()}).one()
    return {name: moment for name, moment in row._asdict().items() if moment is not None}


@cache
def _waiting(flow: FlowTables, *, has_mail: bool) -> Select[Any]:
    outbox, inbox, due, mail = flow.outbox.c, flow.inbox.c, flow.due.c, outgoing_mail.c
    moments = {
        "relay": select(func.min(outbox.occurred_at)).where(outbox.published_at.is_(None)),
        "inbox": select(func.min(inbox.next_attempt_at)).where(inbox.state.in_(UNFINISHED)),
        "due": select(func.min(due.at)).where(due.at <= _NOW),
    }
    if has_mail:
        left_behind = select(mail.leased_until.label("at")).where(mail.status == "sending")
        waits = select(mail.next_attempt_at.label("at")).where(mail.status == "waiting").union_all(left_behind)
        moments["post"] = select(func.min(waits.subquery().c.at))
    return select(*(moment.scalar_subquery().label(name) for name, moment in moments.items()))
