"""A visitor says whether they were satisfied with a page."""

import secrets

from sqlalchemy import update

from services.catalog.rules.days import home_day
from services.catalog.rules.feedback import WORDS_KEPT, at_midnight
from services.catalog.tables import opinion
from shared.db.due import plan
from shared.db.transaction import Transaction

FORGET_WORDS = "forget-words"


def judge_page(tx: Transaction, page: str, words: str, *, satisfied: bool) -> None:
    """Keep it with the day, and nothing of who said it; ``words`` may be empty and are kept for a year."""
    today = home_day(tx.now)
    opinion_id = secrets.token_hex(16)
    row = {"id": opinion_id, "page": page, "satisfied": satisfied, "words": words, "given_on": today}
    tx.session.execute(opinion.insert().values(row))
    if words:
        plan(tx, FORGET_WORDS, opinion_id, at_midnight(today + WORDS_KEPT))


def forget_words(tx: Transaction, opinion_id: str) -> None:
    """Due work: what was written is forgotten, whether they were satisfied stays."""
    tx.session.execute(update(opinion).where(opinion.c.id == opinion_id).values(words=""))
