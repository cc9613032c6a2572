"""All that registration keeps of somebody, for themselves. What others did or wrote of themselves is theirs."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, select
from sqlalchemy.orm import Session

from services.registration.tables import (
    consent,
    history,
    list_delivery,
    meeting,
    network_block,
    network_report,
    organiser,
    person_session,
    profile,
    registration,
    session_seat,
    transfer,
)
from shared.db.ledger import Erased
from shared.people.telling import told

_FOR_MACHINES = ("address_key", "secret_hash", "queue_number", "link_version", "position", "blocker_id", "reporter_id")

Teller = Callable[[Session, Erased], list[dict[str, Any]]]


def about_person(session: Session, person: Erased) -> dict[str, list[dict[str, Any]]]:
    """By kind, JSON-ready."""
    return {name: tell(session, person) for name, tell in TELLERS.items()}


def _rows(session: Session, table: Table, mine: ColumnElement[bool], *without: str) -> list[dict[str, Any]]:
    rows = session.execute(select(table).where(mine)).all()
    return [told(row, without=(*_FOR_MACHINES, *without)) for row in rows]


def _registration_ids(session: Session, person: Erased) -> list[str]:
    keys = person.within(session, registration.c.address_key)
    return list(session.scalars(select(registration.c.id).where(registration.c.address_key.in_(keys))))


def _registrations(session: Session, person: Erased) -> list[dict[str, Any]]:
    """With what they are for."""
    mine = registration.c.id.in_(_registration_ids(session, person))
    rows = session.execute(
        select(registration, meeting.c.title.label("meeting"), meeting.c.starts_at)
        .join(meeting, meeting.c.id == registration.c.meeting_id)
        .where(mine)
        .order_by(registration.c.created_at)
    ).all()
    return [told(row, without=_FOR_MACHINES) for row in rows]


def _history(session: Session, person: Erased) -> list[dict[str, Any]]:
    """Of an organiser only that it was one: who, is theirs."""
    mine = history.c.registration_id.in_(_registration_ids(session, person))
    lines = _rows(session, history, mine)
    return [
        {**line, "by": line["by"] if line.get("by") in ("participant", "system") else "organiser"} for line in lines
    ]


def _sessions(session: Session, person: Erased) -> list[dict[str, Any]]:
    return _rows(session, session_seat, session_seat.c.registration_id.in_(_registration_ids(session, person)))


def _offered_seats(session: Session, person: Erased) -> list[dict[str, Any]]:
    """Seats that others want to hand over to them."""
    return _rows(session, transfer, transfer.c.address_key.in_(person.within(session, transfer.c.address_key)))


def _handed_over(session: Session, person: Erased) -> list[dict[str, Any]]:
    """Seats that they want to hand over: to whom, is as they typed it."""
    return _rows(session, transfer, transfer.c.registration_id.in_(_registration_ids(session, person)))


def _consents(session: Session, person: Erased) -> list[dict[str, Any]]:
    return _rows(session, consent, consent.c.address_key.in_(person.within(session, consent.c.address_key)))


def _lists(session: Session, person: Erased) -> list[dict[str, Any]]:
    return _rows(session, list_delivery, list_delivery.c.email.in_(person.within(session, list_delivery.c.email)))


def _organiser(session: Session, person: Erased) -> list[dict[str, Any]]:
    return _rows(session, organiser, organiser.c.address_key.in_(person.within(session, organiser.c.address_key)))


def _sign_ins(session: Session, person: Erased) -> list[dict[str, Any]]:
    keys = person.within(session, person_session.c.address_key)
    return _rows(session, person_session, person_session.c.address_key.in_(keys))


def _profile(session: Session, person: Erased) -> list[dict[str, Any]]:
    return _rows(session, profile, profile.c.address_key.in_(person.within(session, profile.c.address_key)), "words")


def _profile_ids(session: Session, person: Erased) -> list[str]:
    keys = person.within(session, profile.c.address_key)
    return list(session.scalars(select(profile.c.id).where(profile.c.address_key.in_(keys))))


def _blocks(session: Session, person: Erased) -> list[dict[str, Any]]:
    """Whom they keep away, by the name they knew; never the address, and never who keeps them away."""
    mine = network_block.c.blocker_id.in_(_profile_ids(session, person))
    return _rows(session, network_block, mine, "blocked_key")


def _reports(session: Session, person: Erased) -> list[dict[str, Any]]:
    """What they reported; what others reported of them is those others'."""
    mine = network_report.c.reporter_id.in_(_profile_ids(session, person))
    return _rows(session, network_report, mine, "reported_id", "decided_by")


TELLERS: Final[Mapping[str, Teller]] = MappingProxyType(
    {
        "registrations": _registrations,
        "history": _history,
        "sessions": _sessions,
        "seatsOffered": _offered_seats,
        "seatsHandedOver": _handed_over,
        "consents": _consents,
        "profile": _profile,
        "blocked": _blocks,
        "reports": _reports,
        "organiser": _organiser,
        "listsReceived": _lists,
        "signIns": _sign_ins,
    }
)
"""What is told, by kind: whoever adds a table with a personal column adds it here."""
