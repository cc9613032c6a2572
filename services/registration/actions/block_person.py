"""Keep someone away: neither sees the other any more, and the other is not told."""

from typing import Any

from sqlalchemy import ColumnElement, Row, delete, update

from services.registration.actions.leave_sparring import take_requests_back
from services.registration.tables import network_block
from shared.db.transaction import Transaction, insert_once, new_id


def block_person(tx: Transaction, profile_id: str, other: Row[Any]) -> None:
    """Keep the person of the profile ``other`` away from the person of ``profile_id``, also if they come back.

    What they asked of that person is taken back; what that person asked is not answered any more, and does not say so.
    """
    take_requests_back(tx, profile_id, other.id)
    row = {
        "id": new_id(),
        "blocker_id": profile_id,
        "blocked_key": other.address_key,
        "name": other.name,
        "blocked_at": tx.now,
    }
    tx.session.execute(insert_once(tx.session, network_block, "blocker_id", "blocked_key"), row)


def renew_block(tx: Transaction, profile_id: str, block_id: str) -> None:
    """Let a block of the person of ``profile_id`` hold as long from now as one that is made now."""
    tx.session.execute(update(network_block).where(*_one(profile_id, block_id)).values(blocked_at=tx.now))


def unblock_person(tx: Transaction, profile_id: str, block_id: str) -> None:
    """Undo a block of the person of ``profile_id``: both see the other again as their profiles say."""
    tx.session.execute(delete(network_block).where(*_one(profile_id, block_id)))


def _one(profile_id: str, block_id: str) -> tuple[ColumnElement[bool], ...]:
    return (network_block.c.blocker_id == profile_id, network_block.c.id == block_id)
