"""The meeting or the piece of knowledge that a file hangs on."""

from sqlalchemy.orm import Session

from services.catalog.queries import lock_meeting, meeting_by_id
from services.catalog.queries.knowledge import item_by_id, lock_item
from services.catalog.rules.file_owners import Owner
from services.catalog.rules.files import OwnerKind


def owner_by_id(session: Session, kind: OwnerKind, owner_id: str) -> Owner | None:
    """The owner, draft or not, or None."""
    return meeting_by_id(session, owner_id) if kind == "meeting" else item_by_id(session, owner_id)


def lock_owner(session: Session, kind: OwnerKind, owner_id: str) -> Owner | None:
    """The same, locked until the end of the transaction."""
    return lock_meeting(session, owner_id) if kind == "meeting" else lock_item(session, owner_id)
