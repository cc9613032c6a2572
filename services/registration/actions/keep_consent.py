"""Somebody agrees to something, or takes that back: each time a line, so that it can be shown what held when."""

from sqlalchemy import ColumnElement, select, update

from services.registration.rules.consents import Purpose, newest_version
from services.registration.tables import consent
from shared.db.transaction import Transaction, new_id


def give_consent(tx: Transaction, address_key: str, purpose: Purpose) -> None:
    """Note that this person agrees to the words as they are now; to what holds already, nothing is added."""
    version = newest_version(purpose)
    holds = (*_holding(address_key, purpose), consent.c.version == version)
    if tx.session.scalar(select(consent.c.id).where(*holds)):
        return
    withdraw_consent(tx, address_key, purpose)
    row = {
        "id": new_id(),
        "address_key": address_key,
        "purpose": purpose,
        "version": version,
        "given_at": tx.now,
        "withdrawn_at": None,
    }
    tx.session.execute(consent.insert(), row)


def withdraw_consent(tx: Transaction, address_key: str, purpose: Purpose) -> None:
    """Note that this person agrees no more; without consent nothing happens."""
    tx.session.execute(update(consent).where(*_holding(address_key, purpose)).values(withdrawn_at=tx.now))


def _holding(address_key: str, purpose: Purpose) -> tuple[ColumnElement[bool], ...]:
    return (consent.c.address_key == address_key, consent.c.purpose == purpose, consent.c.withdrawn_at.is_(None))
