"""Organisers sign in at an identity provider: they go there, come back once, and are signed out from there too."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select

from services.registration.actions.keep_keys import revoke_access
from services.registration.actions.sign_in import begin_session, end_session
from services.registration.rules.claims import RoleGiven
from services.registration.rules.issuers import Attempt, SignedOut
from services.registration.tables import grants, heard_logout, issuer_attempt, issuer_person, issuer_session
from shared.db.audit import call_by_name, note
from shared.db.due import plan
from shared.db.transaction import Transaction, insert_once, new_id
from shared.people.grants import new_secret, secret_hash

FORGET_ATTEMPT = "forget-sign-in-attempt"
FORGET_LOGOUT = "forget-logout"
FORGET_ISSUER_PERSON = "forget-issuer-person"

ATTEMPT_LASTS = timedelta(minutes=10)
"""How long someone may take at the identity provider."""

_PERSON_KEPT = timedelta(days=60)


@dataclass(frozen=True)
class Came:
    """Who came back: known by ``issuer`` and ``subject``; ``known_as`` is for other organisers to read.

    ``sid`` is the session there, where the issuer names it.
    """

    issuer: str
    subject: str
    known_as: str
    given: RoleGiven
    sid: str | None = None


def begin_attempt(tx: Transaction, number: int, back_to: str) -> tuple[Attempt, str]:
    """Let a browser go to issuer ``number`` and come back once; gives the attempt and the browser's own secret.

    ``back_to`` is the page that was asked for, a path on this site.
    """
    attempt, browser = Attempt(new_secret(), new_secret(), new_secret()), new_secret()
    state_hash, ends_at = secret_hash(attempt.state), tx.now + ATTEMPT_LASTS
    row = {
        "state_hash": state_hash,
        "browser_hash": secret_hash(browser),
        "number": number,
        "nonce": attempt.nonce,
        "verifier": attempt.verifier,
        "back_to": back_to,
        "valid_until": ends_at,
    }
    tx.session.execute(issuer_attempt.insert(), row)
    plan(tx, FORGET_ATTEMPT, state_hash, ends_at)
    return attempt, browser


def take_attempt(tx: Transaction, number: int, state: str, browser: str) -> Row[Any] | None:
    """The attempt with this state, which is used up; None unless ``browser`` began it at issuer ``number``, lately."""
    its = (
        issuer_attempt.c.state_hash == secret_hash(state),
        issuer_attempt.c.browser_hash == secret_hash(browser),
        issuer_attempt.c.number == number,
        issuer_attempt.c.valid_until > tx.now,
    )
    return tx.session.execute(issuer_attempt.delete().where(*its).returning(issuer_attempt)).one_or_none()


def refuse_sign_in(tx: Transaction, number: int, code: str) -> None:
    """Account for a sign-in from issuer ``number`` that came to nothing, and which check it was; nobody is named."""
    note(tx, "sign-in.refused", by="nobody", thing=f"issuer-{number}", facts={"code": code})


def sign_in_from_issuer(tx: Transaction, came: Came, old_secret: str | None = None) -> str:
    """Sign in who came back; gives the secret of the new session.

    Who comes with another role or other regions than before is signed out everywhere else, and so is this browser's
    session until now (``old_secret``).
    """
    its = (issuer_person.c.issuer == came.issuer, issuer_person.c.subject == came.subject)
    known = tx.session.execute(select(issuer_person).where(*its).with_for_update()).one_or_none()
    person_id: str = known.id if known else new_id()
    role, regions = came.given.role, list(came.given.regions)
    row = {
        "id": person_id,
        "issuer": came.issuer,
        "subject": came.subject,
        "known_as": came.known_as,
        "role": role,
        "regions": regions,
    }
    tx.upsert(issuer_person, [row])
    call_by_name(tx, person_id, came.known_as)
    if known and (known.role, known.regions) != (role, regions):
        revoke_access(tx, "system", grants.c.person_id == known.id, grants.c.kind == "session")
    if old_secret:
        end_session(tx, old_secret)
    secret, session_id = begin_session(tx, "issuer", person_id, came.given, came.known_as)
    tx.session.execute(
        issuer_session.insert(),
        {"grant_id": session_id, "person_id": person_id, "issuer": came.issuer, "sid": came.sid},
    )
    plan(tx, FORGET_ISSUER_PERSON, person_id, tx.now + _PERSON_KEPT)
    return secret


def sign_out_by_issuer(tx: Transaction, issuer: str, out: SignedOut) -> bool:
    """End the sessions of a person, or of one session there, as their issuer says; False for a token heard before."""
    token_hash = secret_hash(f"{issuer}\n{out.token_id}")
    once = insert_once(tx.session, heard_logout, "token_hash").values(
        token_hash=token_hash, valid_until=out.valid_until
    )
    if tx.session.execute(once.returning(heard_logout.c.token_hash)).one_or_none() is None:
        return False
    plan(tx, FORGET_LOGOUT, token_hash, out.valid_until)
    found = select(issuer_session.c.grant_id).join(issuer_person).where(issuer_session.c.issuer == issuer)
    if out.sid is not None:
        found = found.where(issuer_session.c.sid == out.sid)
    if out.subject is not None:
        found = found.where(issuer_person.c.subject == out.subject)
    revoke_access(tx, "system", grants.c.id.in_(found))
    return True


def forget_attempt(tx: Transaction, state_hash: str) -> None:
    """Due work: nobody came back."""
    tx.session.execute(issuer_attempt.delete().where(issuer_attempt.c.state_hash == state_hash))


def forget_logout(tx: Transaction, token_hash: str) -> None:
    """Due work: the token is too old to be shown again."""
    tx.session.execute(heard_logout.delete().where(heard_logout.c.token_hash == token_hash))


def forget_issuer_person(tx: Transaction, person_id: str) -> None:
    """Due work: this organiser did not come back for long."""
    tx.session.execute(issuer_session.delete().where(issuer_session.c.person_id == person_id))
    tx.session.execute(issuer_person.delete().where(issuer_person.c.id == person_id))
