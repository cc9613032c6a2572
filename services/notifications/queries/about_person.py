"""All that notifications keeps of somebody, for themselves: mails both ways, calendars, what they want to hear of."""

from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from services.notifications.tables import (
    alias,
    bounced_address,
    calendar_feed,
    guest,
    incoming_mail,
    invitation,
    listed_meeting,
    outgoing_mail,
    preference,
    registration,
    sparring,
    subscription,
)
from shared.db.ledger import Erased
from shared.people.telling import told

_FOR_MACHINES = ("token", "secret_hash", "digest", "lane", "leased_until", "correlation_id", "key", "source")


def about_person(session: Session, person: Erased, fingerprint: str) -> dict[str, list[dict[str, Any]]]:
    """By kind; ``fingerprint`` is that of their address. Mails to others about them are those others'."""
    return {
        name: [told(row, without=_FOR_MACHINES) for row in session.execute(chosen)]
        for name, chosen in _by_address(session, person).items()
    } | {
        "subscription": _rows(session, select(subscription).where(subscription.c.fingerprint == fingerprint)),
        "preferences": _rows(session, select(preference).where(preference.c.fingerprint == fingerprint)),
        "digest": _rows(session, select(listed_meeting).where(listed_meeting.c.fingerprint == fingerprint)),
        "invitedBy": _rows(session, select(guest).where(guest.c.fingerprint == fingerprint)),
        "mailsSent": _mails_sent(session, person),
        "mailsReceived": _mails_received(session, person),
        "talks": _talks(session, person),
    }


def _by_address(session: Session, person: Erased) -> dict[str, Select[Any]]:
    columns = {
        "registrations": registration.c.address,
        "invitations": invitation.c.address,
        "calendarFeed": calendar_feed.c.address,
        "lostMail": bounced_address.c.address,
        "otherAddresses": alias.c.owner,
    }
    return {
        name: select(column.table).where(column.in_(person.within(session, column))) for name, column in columns.items()
    }


def _rows(session: Session, chosen: Select[Any]) -> list[dict[str, Any]]:
    return [told(row, without=(*_FOR_MACHINES, "fingerprint")) for row in session.execute(chosen)]


def _mails_sent(session: Session, person: Erased) -> list[dict[str, Any]]:
    """With the whole text, as it was sent."""
    mine = outgoing_mail.c.recipient.in_(person.within(session, outgoing_mail.c.recipient))
    rows = session.execute(select(outgoing_mail).where(mine).order_by(outgoing_mail.c.queued_at)).all()
    return [told(row, without=set(_FOR_MACHINES) - {"source"}) for row in rows]


def _mails_received(session: Session, person: Erased) -> list[dict[str, Any]]:
    mine = or_(
        incoming_mail.c.sender.in_(person.within(session, incoming_mail.c.sender)),
        incoming_mail.c.claimed_by.in_(person.within(session, incoming_mail.c.claimed_by)),
    )
    rows = session.execute(select(incoming_mail).where(mine).order_by(incoming_mail.c.received_at)).all()
    return [told(row, without=set(_FOR_MACHINES) - {"source"}) for row in rows]


def _talks(session: Session, person: Erased) -> list[dict[str, Any]]:
    """Without the other: their name and words are theirs."""
    rows = session.execute(select(sparring)).all()
    found = []
    for row in rows:
        sides = {side: row.facts.get(side) for side in ("asker", "asked")}
        mine = next((side for side, partner in sides.items() if person.is_named_in(partner)), None)
        if mine:
            words = {"words": row.facts.get("words")} if mine == "asker" else {}
            found.append({"id": row.id, "status": row.status, mine: sides[mine], **words})
    return found
