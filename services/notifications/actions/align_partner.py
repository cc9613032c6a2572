"""The same for two people who talk to each other: what should their calendars hold, what do they hold."""

from typing import Any, Literal

from sqlalchemy import Row, select

from services.notifications import tables
from services.notifications.actions.align_invitation import before_of, forget_unsent, mint, send_difference
from services.notifications.actions.queue_mail import Mail
from services.notifications.queries.preferences import spoken_to
from services.notifications.rules.addresses import OurAddresses, address_key
from services.notifications.rules.sequence import Send
from services.notifications.rules.sparring import held_by_partner, person_of, takes_place_until
from shared.db.transaction import Transaction
from shared.events.registration import Person
from shared.events.sparring import Side, Sparring

_Kind = Literal["spar_agreed", "spar_moved", "spar_ended"]


def align_partners(tx: Transaction, ours: OurAddresses, sparring: Sparring) -> None:
    """Bring both calendars in line with what was agreed; nothing once it took place. The talk's row is locked."""
    until = takes_place_until(sparring)
    if until is None or until <= tx.now:
        return
    _align(tx, ours, sparring, "asker")
    _align(tx, ours, sparring, "asked")


def _align(tx: Transaction, ours: OurAddresses, sparring: Sparring, side: Side) -> None:
    person = person_of(sparring, side)
    if person.email is None:
        return
    person = spoken_to(tx.session, ours, person)
    wanted = held_by_partner(sparring, side, person.language)
    invitation = _live(tx, sparring.id, address_key(person.email or ""))
    if invitation is None and wanted is None:
        return
    if invitation is None:
        invitation = mint(tx, ours, sparring.id, address_key(person.email or ""))
    forget_unsent(tx, invitation.id)
    send_difference(tx, ours, invitation, wanted, lambda send: _mail(sparring, person, invitation, send))


def _live(tx: Transaction, sparring_id: str, owner: str) -> Row[Any] | None:
    known = tables.invitation
    theirs = (known.c.meeting_id == sparring_id, known.c.address == owner, known.c.state == "live")
    return tx.session.execute(select(known).where(*theirs).with_for_update()).one_or_none()


def _mail(sparring: Sparring, person: Person, invitation: Row[Any], send: Send) -> Mail:
    return Mail(
        key=f"invitation/{invitation.id}/{send.sequence}",
        kind=_kind(send),
        recipient=person.email or "",
        recipient_name=person.name,
        language=person.language,
        meeting_id=sparring.id,
        about={"before": before_of(invitation, send)},
    )


def _kind(send: Send) -> _Kind:
    if send.method == "CANCEL":
        return "spar_ended"
    return "spar_moved" if send.sequence else "spar_agreed"
