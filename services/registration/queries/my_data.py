"""Links to one's own data, what was gathered with them, and what became of being erased."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from services.registration.tables import consent, erasure_receipt, export, export_part, my_data_link

SERVICES = ("registration", "catalog", "notifications")
"""Who keeps something of people, and answers for it."""


@dataclass(frozen=True)
class Export:
    """All that is kept of somebody, as far as it was told; ``services`` says of each whether it answered."""

    id: str
    requested_at: datetime
    valid_until: datetime
    services: dict[str, bool]
    data: dict[str, Any]

    @property
    def is_ready(self) -> bool:
        """Whether all have answered."""
        return all(self.services.values())


def my_data_link_by(session: Session, link_id: str | None, now: datetime) -> Row[Any] | None:
    """The link, while it is valid at ``now`` (aware)."""
    current = (my_data_link.c.id == link_id, my_data_link.c.valid_until > now)
    return session.execute(select(my_data_link).where(*current)).one_or_none()


def export_by(session: Session, person: str, export_id: str) -> Export | None:
    """What was gathered for ``person`` under this id; None for an unknown one, and for somebody else's."""
    mine = (export.c.id == export_id, export.c.person == person)
    row = session.execute(select(export).where(*mine)).one_or_none()
    if row is None:
        return None
    parts = session.execute(
        select(export_part).where(export_part.c.export_id == export_id).order_by(export_part.c.part)
    ).all()
    told = {name: [part for part in parts if part.service == name] for name in SERVICES}
    complete = {name: bool(found) and len(found) == found[0].parts for name, found in told.items()}
    data = {name: json.loads("".join(part.content for part in found)) for name, found in told.items() if complete[name]}
    return Export(row.id, row.requested_at, row.valid_until, complete, data)


def receipts_of(session: Session, person: str) -> Sequence[Row[Any]]:
    """What each service erased of this person, or is still to erase."""
    mine = erasure_receipt.c.person == person
    return session.execute(select(erasure_receipt).where(mine).order_by(erasure_receipt.c.service)).all()


def consents_of(session: Session, address_key: str) -> Sequence[Row[Any]]:
    """What somebody agreed to and did not take back, the newest first."""
    mine = (consent.c.address_key == address_key, consent.c.withdrawn_at.is_(None))
    return session.execute(select(consent).where(*mine).order_by(consent.c.given_at.desc())).all()
