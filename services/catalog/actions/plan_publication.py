"""A draft is to become public by itself, at a moment that its organiser chose."""

from services.catalog.rules.flaws import FlawedError
from services.catalog.rules.meeting import Meeting, MeetingDetails
from services.catalog.rules.publication import plan_flaws
from shared.db.due import plan, plan_no_more
from shared.db.transaction import Transaction

KIND = "publish"
"""What the work is called that is due then."""


def refuse_plan(tx: Transaction, before: Meeting | None, details: MeetingDetails) -> None:
    """Raises ``FlawedError`` where ``details`` are to be published at a moment that cannot be."""
    flaws = list(plan_flaws(before, details, tx.now))
    if flaws:
        raise FlawedError(flaws)


def plan_publication(tx: Transaction, before: Meeting | None, draft: Meeting) -> None:
    """Let ``draft``, which was ``before``, be published when it says; a moment that was there before stays so."""
    if draft.publish_at == (before.publish_at if before else None):
        return
    if draft.publish_at is None:
        plan_no_more(tx, KIND, draft.id)
    else:
        plan(tx, KIND, draft.id, draft.publish_at)
