"""An editor writes down who helps with what."""

from dataclasses import asdict

from services.catalog import tables
from services.catalog.rules.days import home_day
from services.catalog.rules.experts import Expert, ExpertDetails, expert_flaws
from services.catalog.rules.flaws import FlawedError
from shared.db.transaction import Transaction, new_id


def keep_expert(tx: Transaction, details: ExpertDetails, before: Expert | None = None) -> Expert:
    """Keep an expert, new or instead of ``before``, which was read under its lock in this transaction.

    Raises ``FlawedError`` where consent is still to come.
    """
    flaws = list(expert_flaws(details, home_day(tx.now)))
    if flaws:
        raise FlawedError(flaws)
    expert = Expert(
        **vars(details),
        id=before.id if before else new_id(),
        version=before.version + 1 if before else 1,
        changed_at=tx.now,
    )
    tx.upsert(tables.expert, [{**asdict(expert), "themes": list(expert.themes), "meetings": list(expert.meetings)}])
    return expert
