"""Ask programme managers to look into what someone does in the network, and what they decide."""

from typing import Any, Literal, TypeAlias

from sqlalchemy import Row, delete, update

from services.registration.queries.network import profile_of
from services.registration.tables import network_hiding, network_report
from shared.db.audit import note
from shared.db.transaction import Transaction, new_id

Decision: TypeAlias = Literal["hidden", "left"]
"""What becomes of a profile that somebody looked into: taken out of sight, or left as it is."""


def report_person(tx: Transaction, profile_id: str, reported_id: str, text: str) -> None:
    """Report the person of the profile ``reported_id``; they are not told."""
    row = {
        "id": new_id(),
        "reporter_id": profile_id,
        "reported_id": reported_id,
        "text": text,
        "reported_at": tx.now,
        "reason": "",
    }
    tx.session.execute(network_report.insert(), row)


def judge_profile(tx: Transaction, judged: Row[Any], decision: Decision, reason: str, by: str) -> None:
    """Hide ``judged`` (a profile), reported or not, or leave it; closes all open reports about it.

    ``by`` is a manager's id.
    """
    about = (network_report.c.reported_id == judged.id, network_report.c.decision.is_(None))
    decided = {"decision": decision, "reason": reason, "decided_by": by, "decided_at": tx.now}
    tx.session.execute(update(network_report).where(*about).values(decided))
    note(tx, "profile.judged", by=by, thing=judged.id, why=reason, facts={"decision": decision})
    if decision == "hidden":
        row = {"address_key": judged.address_key, "reason": reason, "hidden_by": by, "hidden_at": tx.now}
        tx.upsert(network_hiding, [row])


def show_again(tx: Transaction, address_key: str, by: str) -> None:
    """Let a person who was hidden be found again, as their profile says; ``by`` is a manager's id."""
    known = profile_of(tx.session, address_key)
    note(tx, "profile.judged", by=by, thing=known.id if known else "", facts={"decision": "shown"})
    tx.session.execute(delete(network_hiding).where(network_hiding.c.address_key == address_key))
