"""Somebody asks for a link by mail. Whoever asks, the same is done and kept while they wait.

Who may have one is only looked up by due work, so that neither the answer nor its time tells who is known.
"""

from datetime import timedelta
from typing import Literal

from services.registration.tables import person_link
from shared.db.due import plan
from shared.db.transaction import Transaction, new_id

LINK_LASTS = timedelta(minutes=15)
"""How long a link that was asked for works."""


def ask_link(
    tx: Transaction, work: str, address_key: str, language: Literal["nl", "en"], back_to: str | None = None
) -> None:
    """Let due ``work`` (its kind; the subject is the id of what was asked) see whether there is a link for whom.

    ``back_to`` is the page that was asked for, a path on this site; whoever signs in with the link comes there.
    """
    link_id = new_id()
    row = {
        "id": link_id,
        "address_key": address_key,
        "language": language,
        "back_to": back_to,
        "valid_until": tx.now + LINK_LASTS,
    }
    tx.session.execute(person_link.insert(), row)
    plan(tx, work, link_id, tx.now)
