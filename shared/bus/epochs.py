"""Epochs: what is told after a database was put back to an older state is newer than all that was told before."""

from collections import Counter

from sqlalchemy import func, select

from shared.bus.digests import FACTS, RESTORED_AT
from shared.db.transaction import Transaction, new_id, raise_versions
from shared.events.replay import RestorationNoticed

_MINUTE = 60
_AT_ONCE = 500


def current_epoch(tx: Transaction) -> int:
    """The epoch in which we tell."""
    setting = tx.flow.setting.c
    return int(tx.session.scalar(select(setting.value).where(setting.name == "epoch")) or 1)


def begin_epoch(tx: Transaction) -> int:
    """Let what is told from now on be of a later epoch, also than that of a restoration that the backup forgot.

    Gives the epoch: minutes since 1970, or one more than now.
    """
    epoch = max(int(tx.now.timestamp()) // _MINUTE, current_epoch(tx) + 1)
    values = {"epoch": str(epoch), RESTORED_AT: tx.now.isoformat()}
    tx.upsert(tx.flow.setting, [{"name": name, "value": value} for name, value in values.items()])
    return epoch


def _note_once(tx: Transaction, name: str, value: str) -> bool:
    """Write down that ``name`` is ``value``; False where that was written already."""
    setting = tx.flow.setting
    if tx.session.scalar(select(setting.c.value).where(setting.c.name == name)) == value:
        return False
    tx.upsert(setting, [{"name": name, "value": value}])
    return True


def notice(tx: Transaction, publisher: str, epoch: int, noticed_by: str) -> None:
    """Say once that the database of ``publisher`` was put back, and that it tells in ``epoch`` all the same."""
    if _note_once(tx, f"put back: {publisher}", str(epoch)):
        tx.publish(RestorationNoticed(publisher=publisher, epoch=epoch, noticed_by=noticed_by))


def tell_anew(tx: Transaction) -> int:
    """Say our newest fact about each thing once more, in this epoch; gives how many.

    The others may have heard newer ones, which this database knows nothing of any more.
    """
    outbox = tx.flow.outbox
    newest = select(func.max(outbox.c.position)).where(outbox.c.type.in_(FACTS))
    positions = tx.session.scalars(newest.group_by(outbox.c.aggregate, outbox.c.aggregate_id)).all()
    for start in range(0, len(positions), _AT_ONCE):
        chosen = outbox.c.position.in_(positions[start : start + _AT_ONCE])
        rows = tx.session.execute(select(outbox).where(chosen).order_by(outbox.c.position)).all()
        last, epoch = raise_versions(tx, Counter((row.aggregate, row.aggregate_id) for row in rows))
        anew = [
            {
                **{name: value for name, value in row._asdict().items() if name != "position"},
                "id": new_id(),
                "version": last[row.aggregate, row.aggregate_id] + 1,
                "epoch": epoch,
                "causation_id": row.id,
                "published_at": None,
            }
            for row in rows
        ]
        tx.session.execute(outbox.insert(), anew)
    return len(positions)
