"""Keys and sessions: an opaque secret, shown once, stored as a hash. Registration owns them, the others hold copies."""

import secrets
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from shared.db.audit import call_by_name
from shared.db.transaction import Transaction
from shared.events.registration import AccessChanged
from shared.people.roles import Actor

_MANAGER_GRANT = "manager-key"


def new_secret() -> str:
    """A fresh secret of 256 random bits, safe in addresses and headers."""
    return secrets.token_urlsafe(32)


def secret_hash(secret: str) -> str:
    """What is stored of ``secret``; a secret is random, so a plain SHA-256 is enough."""
    return sha256(secret.encode()).hexdigest()


def find_grant(session: Session, grants: Table, secret: str, now: datetime) -> Actor | None:
    """Who ``secret`` stands for at ``now`` (aware): None for an unknown, revoked or expired one."""
    row = session.execute(select(grants).where(grants.c.secret_hash == secret_hash(secret))).one_or_none()
    if row is None or row.revoked or (row.valid_until is not None and row.valid_until <= now):
        return None
    return Actor(
        role=row.role,
        id=row.person_id,
        grant_id=row.id,
        regions=tuple(row.regions),
        meeting_id=row.meeting_id,
        scopes=tuple(row.scopes),
    )


def keep_grant(tx: Transaction, grants: Table, changed: AccessChanged) -> None:
    """Make the copy of a grant what ``changed`` says, and remember what its holder is called, if it says that."""
    if changed.known_as:
        call_by_name(tx, changed.person_id, changed.known_as)
    _keep(
        tx,
        grants,
        id=changed.id,
        kind=changed.kind,
        secret_hash=changed.secret_hash,
        role=changed.role,
        person_id=changed.person_id,
        regions=list(changed.regions),
        meeting_id=changed.meeting_id,
        scopes=list(changed.scopes),
        revoked=changed.revoked,
        valid_until=changed.valid_until,
    )


def keep_manager_key(tx: Transaction, grants: Table, key: str | None) -> None:
    """At the start: ``KRING_MANAGER_KEY`` opens everything, and the one that was set before opens nothing.

    None changes nothing: an operator's command beside the running service is often given without the setting.
    """
    if key is None:
        return
    _keep(
        tx,
        grants,
        id=_MANAGER_GRANT,
        kind="key",
        secret_hash=secret_hash(key),
        role="manager",
        person_id="manager",
        regions=[],
        meeting_id=None,
        scopes=[],
        revoked=False,
        valid_until=None,
    )


def _keep(tx: Transaction, grants: Table, **row: Any) -> None:
    tx.upsert(grants, [row])
