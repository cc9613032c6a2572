"""Somebody brings a question to a meeting, or takes it back."""

from dataclasses import dataclass

from sqlalchemy import delete

from services.registration.tables import brought_question
from shared.db.transaction import Transaction


@dataclass(frozen=True, kw_only=True)
class Brought:
    """A question; ``theme`` is a code, empty for none. ``shared``: the other participants may read it too."""

    text: str
    theme: str = ""
    shared: bool = False


def bring_question(tx: Transaction, registration_id: str, meeting_id: str, brought: Brought) -> None:
    """Keep the question of this registration instead of the one before; an empty one takes it back."""
    if not brought.text:
        mine = brought_question.c.registration_id == registration_id
        tx.session.execute(delete(brought_question).where(mine))
        return
    row = {
        "registration_id": registration_id,
        "meeting_id": meeting_id,
        "theme": brought.theme,
        "text": brought.text,
        "shared": brought.shared,
        "brought_at": tx.now,
    }
    tx.upsert(brought_question, [row])
