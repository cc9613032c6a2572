"""Somebody who was at a meeting tells what they did with it; catalog's editors look at it."""

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Row

from shared.db.transaction import Transaction, new_id
from shared.events.registration import StoryTold


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is told, in ``language``; ``named``: the teller's name may stand with it."""

    kind: Literal["small-step", "big-step", "success"]
    title: str
    text: str
    language: Literal["nl", "en"]
    named: bool


def tell_story(tx: Transaction, row: Row[Any], told: Told) -> None:
    """Say what the person of the registration in ``row`` tells; nothing of it is kept here but in the journal."""
    tx.publish(
        StoryTold(
            id=new_id(),
            meeting_id=row.meeting_id,
            kind=told.kind,
            language=told.language,
            title=told.title,
            text=told.text,
            name=row.name,
            email=row.email or "",
            organisation=row.organisation,
            named=told.named,
        )
    )
