"""Participants sign in with a link by mail: asked for, used once, and then a session that ends by itself."""

from datetime import timedelta
from typing import Literal

from sqlalchemy import select

from services.registration.actions.ask_link import ask_link
from services.registration.queries.persons import mailbox_of
from services.registration.tables import person_link, person_session
from shared.db.due import plan
from shared.db.transaction import Transaction, new_id
from shared.events.access import LinkRequested
from shared.people.grants import new_secret, secret_hash

MAIL_PERSON_LINK = "mail-person-link"
FORGET_PERSON_LINK = "forget-person-link"
END_PERSON_SESSION = "end-person-session"

SESSION_LASTS = timedelta(hours=8)
"""How long a participant stays signed in."""


def ask_person_link(
    tx: Transaction, address_key: str, language: Literal["nl", "en"], back_to: str | None = None
) -> None:
    """Have a link mailed to the participant behind this address, if anybody there is one; it leads to ``back_to``."""
    ask_link(tx, MAIL_PERSON_LINK, address_key, language, back_to)


def mail_person_link(tx: Transaction, link_id: str) -> None:
    """Due work: have the link mailed, or forget that somebody asked who may not have one."""
    row = tx.session.execute(select(person_link).where(person_link.c.id == link_id)).one_or_none()
    email = mailbox_of(tx.session, row.address_key) if row else None
    if row is None or email is None:
        forget_person_link(tx, link_id)
        return
    plan(tx, FORGET_PERSON_LINK, link_id, row.valid_until)
    tx.publish(
        LinkRequested(
            id=link_id,
            purpose="sign-in",
            valid_until=row.valid_until,
            email=email,
            language=row.language,
            reader="participant",
        )
    )


def forget_person_link(tx: Transaction, link_id: str) -> None:
    """Due work: a link that was not used is too old."""
    tx.session.execute(person_link.delete().where(person_link.c.id == link_id))


def sign_in_person(tx: Transaction, link_id: str, old_secret: str | None = None) -> tuple[str, str | None] | None:
    """Use a link up; gives the secret of a new session, and the page here that was asked for if one was.

    None for a link that was used, is too old or unknown.

    ``old_secret`` is of the session that this browser had until now: it ends.
    """
    current = (person_link.c.id == link_id, person_link.c.valid_until > tx.now)
    used = tx.session.execute(person_link.delete().where(*current).returning(person_link)).one_or_none()
    if used is None:
        return None
    if old_secret:
        sign_out_person(tx, old_secret)
    secret, session_id, ends_at = new_secret(), new_id(), tx.now + SESSION_LASTS
    row = {
        "id": session_id,
        "secret_hash": secret_hash(secret),
        "address_key": used.address_key,
        "signed_in_at": tx.now,
        "valid_until": ends_at,
    }
    tx.session.execute(person_session.insert(), row)
    plan(tx, END_PERSON_SESSION, session_id, ends_at)
    return secret, used.back_to


def sign_out_person(tx: Transaction, secret: str) -> None:
    """End the session with this secret."""
    tx.session.execute(person_session.delete().where(person_session.c.secret_hash == secret_hash(secret)))


def end_own_session(tx: Transaction, person_key: str, session_id: str) -> None:
    """End one of a participant's own sessions, in whichever browser it is."""
    own = (person_session.c.id == session_id, person_session.c.address_key == person_key)
    tx.session.execute(person_session.delete().where(*own))


def end_person_session(tx: Transaction, session_id: str) -> None:
    """Due work: a session is over."""
    tx.session.execute(person_session.delete().where(person_session.c.id == session_id))
