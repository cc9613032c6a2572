"""What has to be known before those who sign up at one moment are told anything."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.queries.references import known_groups
from services.registration.queries.registrations import answered, registered_everywhere
from services.registration.queries.seats import Seats
from services.registration.rules.sign_ups import SignUp


def answers_kept(
    session: Session, meeting_id: str, requests: Sequence[SignUp]
) -> dict[str | None, tuple[str, dict[str, Any]]]:
    """By the keys of ``requests``: the hash of what was asked with them before, and what was answered."""
    keys = {request.key for request in requests if request.key}
    stored = answered(session, meeting_id, keys) if keys else {}
    return {key: (row.body_hash, row.answer) for key, row in stored.items()}


def groups_for(session: Session, seats: Seats, requests: Sequence[SignUp]) -> Collection[str]:
    """The target groups that the network knows, as far as anyone asks for another than the meeting names itself."""
    own = set(seats.groups)
    return own if own.issuperset(request.target_group for request in requests) else own | known_groups(session)


People = dict[str, Mapping[str, Any]]
"""Rows of registrations by ``SignUp.person``."""


def people_at(session: Session, asked: Mapping[str, Sequence[SignUp]]) -> Mapping[str, People]:
    """Everyone at each meeting with an address that is asked for there, by the meeting's id.

    Whose address it is can be found by name too, so that they do not become a companion of themselves.
    """
    pairs = {(meeting_id, request.address_key) for meeting_id, requests in asked.items() for request in requests}
    found: dict[str, list[Row[Any]]] = {meeting_id: [] for meeting_id in asked}
    for row in registered_everywhere(session, pairs):
        found[row.meeting_id].append(row)
    return {meeting_id: _by_person(rows) for meeting_id, rows in found.items()}


def _by_person(rows: Sequence[Row[Any]]) -> People:
    people = {f"{row.address_key}\n{row.name.casefold()}": row._asdict() for row in reversed(rows)}
    return people | {row.address_key: row._asdict() for row in rows if row.companion == 1}


def mailboxes_of(people: People) -> Counter[str]:
    """The last number given to those who share a mailbox, by address."""
    last: Counter[str] = Counter()
    for row in people.values():
        last[row["address_key"]] = max(last[row["address_key"]], row["companion"])
    return last
