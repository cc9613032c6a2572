"""How a person is taken out of each table of notifications; what was counted stays, without who it was."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, delete, or_, select, update

from services.notifications.tables import (
    alias,
    bounced_address,
    calendar_feed,
    guest,
    incoming_mail,
    invitation,
    outgoing_mail,
    registration,
    sparring,
    subscription,
)
from shared.db.ledger import Erased, Eraser
from shared.db.transaction import Transaction
from shared.events import CONTRACTS
from shared.events.cleansing import without_person
from shared.i18n import N_


def their_mails(tx: Transaction, erased: Erased) -> ColumnElement[bool]:
    """Which mails are to the person from before they asked, or about what they signed up for or talked over, whoever
    got them.
    """
    recipients = erased.within(tx.session, outgoing_mail.c.recipient)
    return or_(
        outgoing_mail.c.recipient.in_(recipients) & (outgoing_mail.c.queued_at <= erased.since),
        outgoing_mail.c.registration_id.in_(erased.things["registration"]),
        outgoing_mail.c.invitation_id.in_(erased.things["invitation"]),
        outgoing_mail.c.meeting_id.in_(erased.things["sparring"]),
    )


def _erase_outgoing(tx: Transaction, erased: Erased) -> int:
    gone = delete(outgoing_mail).where(their_mails(tx, erased))
    return len(tx.session.scalars(gone.returning(outgoing_mail.c.id)).all())


def _erase_incoming(tx: Transaction, erased: Erased) -> int:
    """That something came in stays, by its digest: the same mail once more changes nothing."""
    mine = or_(
        incoming_mail.c.sender.in_(erased.within(tx.session, incoming_mail.c.sender)),
        incoming_mail.c.claimed_by.in_(erased.within(tx.session, incoming_mail.c.claimed_by)),
        incoming_mail.c.registration_id.in_(erased.things["registration"]),
        incoming_mail.c.invitation_id.in_(erased.things["invitation"]),
        incoming_mail.c.meeting_id.in_(erased.things["sparring"]),
    )
    nothing = {"sender": "", "subject": "", "source": b"", "claimed_by": None}
    gone = update(incoming_mail).where(mine, incoming_mail.c.source != b"").values(nothing)
    return len(tx.session.scalars(gone.returning(incoming_mail.c.id)).all())


def _erase_invitations(tx: Transaction, erased: Erased) -> int:
    """One that the calendar still holds ends: of a meeting that is over, or where it could not be taken back."""
    nobody: dict[str, Any] = {"address": "", "guest": None, "told_holding": None}
    of_talk = invitation.c.meeting_id.in_(erased.things["sparring"])  # the other's entry names the person
    mine = (invitation.c.id.in_(erased.things["invitation"]) | of_talk, invitation.c.address != "")
    tx.session.execute(update(invitation).where(*mine, invitation.c.state == "live").values(state="dead"))
    gone = update(invitation).where(*mine).values(nobody)
    return len(tx.session.scalars(gone.returning(invitation.c.id)).all())


def _erase_registrations(tx: Transaction, erased: Erased) -> int:
    contract = CONTRACTS["registration.changed"]
    known = select(registration.c.id, registration.c.facts).where(
        registration.c.id.in_(erased.things["registration"]), registration.c.address.is_not(None)
    )
    rows = tx.session.execute(known).all()
    for row in rows:
        facts = without_person(contract, {"registration": row.facts})["registration"]
        nobody = {"address": None, "facts": facts}
        tx.session.execute(update(registration).where(registration.c.id == row.id).values(nobody))
    return len(rows)


def _erase_bounces(tx: Transaction, erased: Erased) -> int:
    mine = bounced_address.c.address.in_(erased.within(tx.session, bounced_address.c.address))
    return len(tx.session.scalars(delete(bounced_address).where(mine).returning(bounced_address.c.id)).all())


def _erase_aliases(tx: Transaction, erased: Erased) -> int:
    mine = or_(
        alias.c.address.in_(erased.within(tx.session, alias.c.address)),
        alias.c.owner.in_(erased.within(tx.session, alias.c.owner)),
    )
    return len(tx.session.scalars(delete(alias).where(mine).returning(alias.c.owner)).all())


def _erase_feed(tx: Transaction, erased: Erased) -> int:
    mine = calendar_feed.c.address.in_(erased.within(tx.session, calendar_feed.c.address))
    gone = delete(calendar_feed).where(mine, calendar_feed.c.made_at <= erased.since)
    return len(tx.session.scalars(gone.returning(calendar_feed.c.address)).all())


def _erase_subscriptions(tx: Transaction, erased: Erased) -> int:
    rows = tx.session.execute(select(subscription).where(subscription.c.asked_at <= erased.since)).all()
    mine = [row.fingerprint for row in rows if erased.is_named_in(row.wish) or erased.is_named_in(row.asked)]
    tx.session.execute(delete(subscription).where(subscription.c.fingerprint.in_(mine)))
    return len(mine)


def _erase_guests(tx: Transaction, erased: Erased) -> int:
    """Whoever was still to be invited is not; the fingerprint sees to it that no other campaign does so."""
    rows = tx.session.execute(select(guest.c.fingerprint, guest.c.brought).where(guest.c.brought.is_not(None))).all()
    mine = guest.c.fingerprint.in_([row.fingerprint for row in rows if erased.is_named_in(row.brought)])
    tx.session.execute(update(guest).where(mine, guest.c.status == "waiting").values(status="skipped", why="never"))
    gone = update(guest).where(mine).values(brought=None)
    return len(tx.session.scalars(gone.returning(guest.c.fingerprint)).all())


def _erase_talks(tx: Transaction, erased: Erased) -> int:
    """Registration ended it first, so the other's calendar has heard of it."""
    mine = sparring.c.id.in_(erased.things["sparring"])
    return len(tx.session.scalars(delete(sparring).where(mine).returning(sparring.c.id)).all())


ERASERS: Final[Mapping[Table, Eraser]] = MappingProxyType(
    {
        outgoing_mail: _erase_outgoing,
        incoming_mail: _erase_incoming,
        alias: _erase_aliases,
        bounced_address: _erase_bounces,
        calendar_feed: _erase_feed,
        subscription: _erase_subscriptions,
        guest: _erase_guests,
        sparring: _erase_talks,
        invitation: _erase_invitations,
        registration: _erase_registrations,
    }
)
"""How a person is taken out of each table, in this order."""

STAYS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "meeting.facts": N_("the office of a meeting stands for the meeting, also where it has somebody's name"),
        "message.subject": N_("what an organiser wrote to all who come is theirs"),
        "message.text": N_("what an organiser wrote to all who come is theirs"),
    }
)
"""What of a person stays, by column, and why."""
