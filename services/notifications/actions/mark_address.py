"""Mail to an address does not arrive: remember it, and tell whoever shows the people behind it."""

from sqlalchemy import Row, select, update

from services.notifications import tables
from services.notifications.queries import registrations_at
from services.notifications.rules.addresses import address_key
from shared.db.due import plan_no_more
from shared.db.transaction import Transaction, insert_into, new_id
from shared.events.notifications import AddressBounced


def mark_refused(tx: Transaction, recipient: str, error: str) -> None:
    """Our mail server refused this recipient for good; ``error`` says how, without the address."""
    _mark(tx, recipient, {"error": error, "reported": False})


def mark_returned(tx: Transaction, recipient: str, error: str) -> None:
    """A mail to this recipient came back for good after it had been taken."""
    _mark(tx, recipient, {"error": error, "reported": True})


def tell_of_marked(tx: Transaction, recipient: str) -> None:
    """Tell again of a marked address, because a registration has it now that had another or did not exist."""
    row = _locked(tx, address_key(recipient))
    if row is not None and row.since is not None:
        _tell(tx, row)


def _mark(tx: Transaction, recipient: str, found: dict[str, object]) -> None:
    """Whoever is marked already stays so since then."""
    address, table = address_key(recipient), tables.bounced_address
    fresh = {"id": new_id(), "address": address, "since": None, **found}
    once = insert_into(tx.session, table).values(fresh).on_conflict_do_nothing(index_elements=["address"])
    tx.session.execute(once)
    row = _locked(tx, address)
    assert row is not None, "it was just put there"
    plan_no_more(tx, "restore_address", row.id)
    marked = update(table).where(table.c.id == row.id).values(since=row.since or tx.now, **found).returning(table)
    after = tx.session.execute(marked).one()
    if row.since is None:
        _tell(tx, after)


def _locked(tx: Transaction, address: str) -> Row[tuple[object, ...]] | None:
    table = tables.bounced_address
    return tx.session.execute(select(table).where(table.c.address == address).with_for_update()).one_or_none()


def _tell(tx: Transaction, row: Row[tuple[object, ...]]) -> None:
    concerned = registrations_at(tx.session, row.address)
    tx.publish(AddressBounced(address_id=row.id, registration_ids=concerned, since=row.since))
