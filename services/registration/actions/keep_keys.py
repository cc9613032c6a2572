"""Organisers' keys: made, shown once, taken back. Every service hears of it and keeps a copy."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, select

from services.registration.tables import grants, issued_key
from shared.db.audit import note
from shared.db.transaction import Transaction, new_id
from shared.events.registration import AccessChanged
from shared.people.grants import keep_grant, new_secret, secret_hash
from shared.people.roles import GivenRole


def add_key(  # noqa: PLR0913  # what a key opens, and what it is called
    tx: Transaction,
    role: GivenRole,
    *,
    by: str,
    name: str = "",
    regions: Sequence[str] = (),
    meeting_id: str | None = None,
    scopes: Sequence[str] = (),
    valid_until: datetime | None = None,
) -> str:
    """Make a key for this role and give it: only its hash is kept.

    ``regions`` (codes) bound an organiser, ``meeting_id`` a helper, ``scopes`` what the key may do of that. Without
    ``valid_until`` (aware) it works until it is revoked. ``by``: the id of whoever makes it, or ``operator``.
    """
    secret, id_ = new_secret(), new_id()
    change_access(
        tx,
        AccessChanged(
            id=id_,
            kind="key",
            secret_hash=secret_hash(secret),
            role=role,
            person_id=id_,
            regions=tuple(regions),
            meeting_id=meeting_id,
            scopes=tuple(scopes),
            valid_until=valid_until,
            known_as=name,
        ),
    )
    tx.session.execute(issued_key.insert(), {"id": id_, "name": name, "issued_at": tx.now})
    note(tx, "key.made", by=by, thing=id_, meeting_id=meeting_id, facts={"role": role, "regions": list(regions)})
    return secret


def revoke_key(tx: Transaction, key_id: str, by: str) -> bool:
    """Let a key open nothing any more; tells whether there was such a key."""
    return revoke_access(tx, by, grants.c.id == key_id, grants.c.kind == "key") > 0


def change_access(tx: Transaction, changed: AccessChanged) -> None:
    """Keep what a key or a session opens from now on, here and everywhere."""
    keep_grant(tx, grants, changed)
    tx.publish(changed)


def revoke_access(tx: Transaction, by: str, *chosen: ColumnElement[bool]) -> int:
    """Revoke the chosen keys and sessions; gives how many there were. ``by``: whose act it is."""
    rows = tx.session.execute(select(grants).where(*chosen, ~grants.c.revoked)).all()
    for row in rows:
        was = AccessChanged(**{**row._asdict(), "regions": tuple(row.regions), "scopes": tuple(row.scopes)})
        change_access(tx, replace(was, revoked=True))
        act = "key.revoked" if row.kind == "key" else "session.ended"
        note(tx, act, by=by, thing=row.id, meeting_id=row.meeting_id, facts={"role": row.role, "of": row.person_id})
    return len(rows)
