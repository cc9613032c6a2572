"""Keep the newest facts of a talk for two, and tell the one it concerns."""

from sqlalchemy import delete, select, update

from services.notifications import tables
from services.notifications.actions.align_partner import align_partners
from services.notifications.actions.forget_request import FORGET_REQUEST
from services.notifications.actions.mail_invitation import mail_refusal
from services.notifications.actions.queue_mail import Mail, queue_mail
from services.notifications.queries import is_bounced
from services.notifications.queries.facts import read_sparring, written
from services.notifications.queries.preferences import spoken_to, wants
from services.notifications.queries.sparring import proposed_by_calendar
from services.notifications.rules.addresses import OurAddresses, address_key
from services.notifications.rules.sparring import KEPT_FOR, came_to_nothing, other, person_of, takes_place_until
from shared.db.due import plan
from shared.db.transaction import Transaction
from shared.events.sparring import Side, Sparring

FORGET_SPARRING = "forget-sparring"


def follow_sparring(tx: Transaction, ours: OurAddresses, sparring: Sparring) -> None:
    """Take the facts as they are now: who has to answer gets a mail, and both calendars hold what was agreed.

    A talk that came to nothing without a no is told to nobody: no mail says that somebody did not answer.
    """
    _keep(tx, sparring)
    kind = "spar_request" if sparring.proposal == 1 else "spar_proposal"
    _overtake(tx, sparring, _key(sparring, kind) if sparring.turn else "")
    if sparring.turn:
        mail = _mail(tx, ours, sparring, sparring.turn, kind)
        if mail:
            queue_mail(tx, ours, mail)
    align_partners(tx, ours, sparring)
    if came_to_nothing(sparring):
        plan(tx, FORGET_REQUEST, sparring.id, tx.now)


def tell_no(tx: Transaction, ours: OurAddresses, sparring: Sparring) -> None:
    """The same where one of them said no: the other reads so, and what holds now; their calendar too, if it asked."""
    follow_sparring(tx, ours, sparring)
    mail = _mail(tx, ours, sparring, other(sparring.by), "spar_declined") if sparring.by else None
    if mail is None:
        return
    invitation = proposed_by_calendar(tx.session, sparring.id, address_key(mail.recipient))
    if invitation:
        mail_refusal(tx, ours, invitation, mail)
    else:
        queue_mail(tx, ours, mail)


def forget_sparring(tx: Transaction, sparring_id: str) -> None:
    """Erase what is kept of a talk that is over; later where it was put off since. Due work."""
    known = tables.sparring
    facts = tx.session.scalar(select(known.c.facts).where(known.c.id == sparring_id).with_for_update())
    until = takes_place_until(read_sparring(facts)) if facts else None
    if until and tx.now < until + KEPT_FOR:
        plan(tx, FORGET_SPARRING, sparring_id, until + KEPT_FOR)
        return
    tx.session.execute(delete(known).where(known.c.id == sparring_id))


def _keep(tx: Transaction, sparring: Sparring) -> None:
    row = {"id": sparring.id, "status": sparring.status, "facts": written(sparring)}
    tx.upsert(tables.sparring, [row])
    tx.session.execute(select(tables.sparring.c.id).where(tables.sparring.c.id == sparring.id).with_for_update())
    plan(tx, FORGET_SPARRING, sparring.id, max(tx.now, takes_place_until(sparring) or tx.now) + KEPT_FOR)


def _overtake(tx: Transaction, sparring: Sparring, holds: str) -> None:
    """Let no request go out that is answered, taken back or replaced by another proposal; ``holds`` is not."""
    mail = tables.outgoing_mail
    waits = (mail.c.meeting_id == sparring.id, mail.c.invitation_id.is_(None), mail.c.status == tables.WAITING)
    tx.session.execute(update(mail).where(*waits, mail.c.key != holds).values(status="replaced"))


def _mail(tx: Transaction, ours: OurAddresses, sparring: Sparring, side: Side, kind: str) -> Mail | None:
    """What this person is mailed; None where they want no mail of the network: then it stands on their page only.

    What concerns a talk that both agreed to is their own business, and always comes.
    """
    person = person_of(sparring, side)
    if person.email is None:
        return None
    is_agreed = sparring.status == "agreed"
    if not is_agreed and (is_bounced(tx.session, person.email) or not wants(tx.session, ours, person.email, "network")):
        return None
    person = spoken_to(tx.session, ours, person)
    return Mail(
        key=_key(sparring, kind),
        kind=kind,
        recipient=person.email or "",
        recipient_name=person.name,
        language=person.language,
        meeting_id=sparring.id,
    )


def _key(sparring: Sparring, kind: str) -> str:
    return f"{kind}/{sparring.id}/{sparring.proposal}"
