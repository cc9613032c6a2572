"""Keep our copy of catalog's words for target groups and regions."""

from services.notifications.tables import reference
from shared.db.transaction import Transaction
from shared.events.catalog import ReferenceChanged

_OURS = {"target-group", "region"}


def keep_reference(tx: Transaction, told: ReferenceChanged) -> None:
    """Take over one code with its labels as it is now; other kinds are none of ours."""
    if told.kind not in _OURS:
        return
    row = {
        "kind": told.kind,
        "code": told.code,
        "labels": dict(told.labels),
        "position": told.position,
        "valid_to": told.valid_to,
        "merged_into": told.merged_into,
    }
    tx.upsert(reference, [row])
