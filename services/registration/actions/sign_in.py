"""Sign in with a link by mail: asked for, used once, and then a session that ends by itself or by signing out.

The link is a signature over the id that is kept here; it travels in no event. Its mailer signs it.
"""

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select

from services.registration.actions.ask_link import ask_link
from services.registration.actions.keep_keys import change_access, revoke_access
from services.registration.queries.access import organiser_with
from services.registration.rules.claims import RoleGiven
from services.registration.tables import grants, organiser, person_link, sign_in_link
from shared.db.audit import note
from shared.db.transaction import Transaction, new_id
from shared.events.registration import AccessChanged, LinkRequested
from shared.people.grants import new_secret, secret_hash

MAIL_SIGN_IN_LINK = "mail-sign-in-link"

SESSION_LASTS = timedelta(hours=12)
"""How long someone stays signed in."""


def ask_sign_in(tx: Transaction, address_key: str, language: Literal["nl", "en"], back_to: str | None = None) -> None:
    """Have a link mailed to the person behind this address, if they have a role; nobody else hears anything.

    It leads to ``back_to``, a path on this site.
    """
    ask_link(tx, MAIL_SIGN_IN_LINK, address_key, language, back_to)


def mail_sign_in_link(tx: Transaction, asked_id: str) -> None:
    """Due work: have the link mailed, if whoever asked has a role."""
    taken = person_link.delete().where(person_link.c.id == asked_id).returning(person_link)
    asked = tx.session.execute(taken).one_or_none()
    person = organiser_with(tx.session, asked.address_key) if asked else None
    if asked is None or person is None:
        return
    tx.publish(
        LinkRequested(
            id=make_link(tx, person.id, asked.valid_until, asked.back_to),
            purpose="sign-in",
            valid_until=asked.valid_until,
            email=person.email,
            language=asked.language,
        )
    )


def make_link(tx: Transaction, person_id: str, valid_until: datetime, back_to: str | None = None) -> str:
    """Let this person sign in once until ``valid_until`` (aware); gives the id that the link is a signature over."""
    row = {"id": new_id(), "person_id": person_id, "back_to": back_to, "valid_until": valid_until, "used": False}
    tx.session.execute(sign_in_link.insert(), row)
    return str(row["id"])


def sign_in(tx: Transaction, link_id: str, old_secret: str | None = None) -> tuple[str, str | None] | None:
    """Use a link up; gives the secret of a new session, and the page here that was asked for if one was.

    None for a link that was used, is too old or unknown.

    ``old_secret`` is of the session that this browser had until now: it ends.
    """
    link = tx.session.execute(
        sign_in_link.update()
        .where(sign_in_link.c.id == link_id, ~sign_in_link.c.used, sign_in_link.c.valid_until > tx.now)
        .values(used=True)
        .returning(sign_in_link)
    ).one_or_none()
    if link is None:
        return None
    person = tx.session.execute(select(organiser).where(organiser.c.id == link.person_id)).one()
    if old_secret:
        end_session(tx, old_secret)
    given = RoleGiven(person.role, tuple(person.regions))
    return begin_session(tx, "mail", person.id, given, person.email)[0], link.back_to


def begin_session(
    tx: Transaction, way: Literal["mail", "issuer"], person_id: str, given: RoleGiven, known_as: str
) -> tuple[str, str]:
    """Sign someone in with the role that they were ``given``; gives the secret of the new session and its id.

    ``way`` is how they showed who they are, ``known_as`` what the others know them by.
    """
    secret, session_id = new_secret(), new_id()
    note(tx, "sign-in.done", by=person_id, thing=session_id, facts={"role": given.role, "way": way})
    change_access(
        tx,
        AccessChanged(
            id=session_id,
            kind="session",
            secret_hash=secret_hash(secret),
            role=given.role,
            person_id=person_id,
            regions=given.regions,
            valid_until=tx.now + SESSION_LASTS,
            known_as=known_as,
        ),
    )
    return secret, session_id


def end_session(tx: Transaction, secret: str) -> None:
    """End the session with this secret, by whose it is; a key is none."""
    its = (grants.c.secret_hash == secret_hash(secret), grants.c.kind == "session")
    whose = tx.session.scalar(select(grants.c.person_id).where(*its))
    if whose is not None:
        revoke_access(tx, whose, *its)


def end_sign_in(tx: Transaction, session_id: str, by: str, person_id: str | None = None) -> None:
    """End one session, in whichever browser it is; with ``person_id`` only if it is that person's.

    ``by``: whose act it is.
    """
    chosen = [grants.c.id == session_id, grants.c.kind == "session"]
    if person_id is not None:
        chosen.append(grants.c.person_id == person_id)
    revoke_access(tx, by, *chosen)
