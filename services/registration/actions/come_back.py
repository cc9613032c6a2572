"""Somebody joins the network who was there before and was erased: what others wanted of them holds again."""

from collections.abc import Collection

from sqlalchemy import Column, Table, update

from services.registration.tables import network_block, network_hiding
from shared.db.transaction import Transaction


def come_back(tx: Transaction, address_key: str, names: Collection[str]) -> None:
    """Let blocks and a hiding that stand under one of the keyed hashes ``names`` be about this address again."""
    for table, column in ((network_block, network_block.c.blocked_key), (network_hiding, network_hiding.c.address_key)):
        _put_back(tx, table, column, address_key, names)


def _put_back(tx: Transaction, table: Table, column: Column[str], address_key: str, names: Collection[str]) -> None:
    mine = update(table).where(column.in_(list(names)))
    tx.session.execute(mine.values({column: address_key}))
