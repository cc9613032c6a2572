"""Remember what an organiser is called, for the histories in which only an id stands."""

from services.catalog.tables import organiser_name
from shared.db.transaction import Transaction
from shared.events.registration import AccessChanged


def note_name(tx: Transaction, changed: AccessChanged) -> None:
    """Keep the name of the person or the key; an event without one, such as that of signing out, changes nothing."""
    if changed.known_as:
        tx.upsert(organiser_name, [{"id": changed.person_id, "name": changed.known_as}])
