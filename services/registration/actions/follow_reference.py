"""Keep our copy of catalog's words: target groups, organisations, regions."""

from services.registration.tables import reference
from shared.db.transaction import Transaction
from shared.events.catalog import ReferenceChanged


def follow_reference(tx: Transaction, happened: ReferenceChanged) -> None:
    """Take over one code with its labels as it is now."""
    row = {
        "kind": happened.kind,
        "code": happened.code,
        "labels": dict(happened.labels),
        "position": happened.position,
        "merged_into": happened.merged_into,
        "valid_to": happened.valid_to,
    }
    tx.upsert(reference, [row])
