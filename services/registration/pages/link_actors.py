"""Whom the links stand for that are mailed to people, by what they are signed for."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sqlalchemy.orm import Session

from services.registration.pages.my_data_link import OPENED
from services.registration.pages.sparring_one import LINK_PURPOSE, partner_of
from services.registration.queries.registrations import registration_by, transfer_by
from shared.people.links import Link
from shared.people.roles import Actor
from shared.web.access import LinkActor


def _whose_registration(session: Session, link: Link) -> Actor | None:
    """The person whom a mine link stands for, unless it was revoked by raising the link version."""
    row = registration_by(session, link.subject)
    if row is None or row.link_version != link.version:
        return None
    return Actor(role="person", id="participant", registration_id=row.id)


def _for_my_data(session: Session, link: Link) -> Actor:
    """Somebody who shows a link to their own data, or who opened one; how long that holds, the signature says."""
    del session
    return Actor(role="person", id="participant", my_data_id=link.subject)


def _colleague(session: Session, link: Link) -> Actor | None:
    """The colleague whom a link to take a seat over stands for: for that proposal only."""
    row = transfer_by(session, link.subject)
    if row is None or row.version != link.version:
        return None
    return Actor(role="person", id="colleague", transfer_id=row.id)


LINK_ACTORS: Final[Mapping[str, LinkActor]] = MappingProxyType(
    {
        "mine": _whose_registration,
        "transfer": _colleague,
        LINK_PURPOSE: partner_of,
        "my-data": _for_my_data,
        OPENED: _for_my_data,
    }
)
