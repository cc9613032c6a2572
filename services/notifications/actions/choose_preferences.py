"""Somebody chooses what they want to receive."""

from dataclasses import asdict

from services.notifications import tables
from services.notifications.actions.mail_digest import plan_digest
from services.notifications.rules.preferences import Preferences
from shared.db.transaction import Transaction


def choose_preferences(tx: Transaction, fingerprint: str, chosen: Preferences) -> None:
    """Keep what the address with this fingerprint wants from now on."""
    plan_digest(tx, fingerprint, chosen)
    tx.upsert(tables.preference, [{"fingerprint": fingerprint, **asdict(chosen), "changed_at": tx.now}])
