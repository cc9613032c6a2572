"""One of two who talk to each other wrote something to our address: pass it on to the other, who knows them by now."""

from typing import Any

from sqlalchemy import Row

from services.notifications.actions.queue_mail import Mail, queue_mail
from services.notifications.queries.preferences import spoken_to
from services.notifications.queries.sparring import sparring_of
from services.notifications.rules.addresses import OurAddresses
from services.notifications.rules.replies import Incoming
from services.notifications.rules.sparring import other, person_of, side_of
from shared.db.transaction import Transaction

_LONGEST = 10_000  # characters: more is no answer


def pass_on_words(tx: Transaction, ours: OurAddresses, mail: Incoming, invitation: Row[Any], words: str) -> None:
    """Queue ``words`` to the other one, once; nothing without words, or where the talk is off."""
    talk = sparring_of(tx.session, invitation)
    side = side_of(talk, invitation.address) if talk else None
    if talk is None or side is None or talk.status != "agreed" or not words.strip():
        return
    person = spoken_to(tx.session, ours, person_of(talk, other(side)))
    passed_on = Mail(
        key=f"spar-words/{mail.id}",
        kind="spar_words",
        recipient=person.email or "",
        recipient_name=person.name,
        language=person.language,
        meeting_id=talk.id,
        about={"from": person_of(talk, side).email, "words": words[:_LONGEST]},
    )
    queue_mail(tx, ours, passed_on)
