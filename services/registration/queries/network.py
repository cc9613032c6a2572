"""The network: someone's own profile, and the profiles that were opened to them.

``viewer`` is always the row of the profile of who looks.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, false, or_, select
from sqlalchemy.orm import Session

from services.registration.rules.network import TAKES_PART
from services.registration.tables import meeting, network_block, network_hiding, profile, registration


def profile_of(session: Session, address_key: str) -> Row[Any] | None:
    """The profile of whom this address is; None for who takes no part in the network."""
    return session.execute(select(profile).where(profile.c.address_key == address_key)).one_or_none()


def last_part_of(session: Session, address_key: str) -> Row[Any] | None:
    """The last registration with which someone takes or took part in a meeting; None if there is none."""
    mine = select(registration).where(*_taking_part(registration), registration.c.address_key == address_key)
    return session.execute(mine.order_by(registration.c.id.desc()).limit(1)).first()


def meetings_of(session: Session, address_key: str) -> Sequence[Row[Any]]:
    """The meetings in which someone takes or took part, the latest first."""
    mine = select(registration.c.meeting_id).where(
        *_taking_part(registration), registration.c.address_key == address_key
    )
    theirs = select(meeting).where(meeting.c.id.in_(mine), meeting.c.status != "cancelled")
    return session.execute(theirs.order_by(meeting.c.starts_at.desc(), meeting.c.id)).all()


def meetings_together(session: Session, viewer: Row[Any], other: Row[Any]) -> Sequence[Row[Any]]:
    """The meetings in which both take or took part, the latest first."""
    theirs = {row.id for row in meetings_of(session, other.address_key)}
    return [row for row in meetings_of(session, viewer.address_key) if row.id in theirs]


def visible_profiles(viewer: Row[Any]) -> Select[Any]:
    """The profiles that were opened to who looks: whatever the network shows of others begins with this.

    Not their own; not of who blocked them or whom they blocked; not of who was hidden by a programme manager, and none
    at all for a viewer who was.
    """
    return select(profile).where(profile.c.id != viewer.id, *_in_sight(viewer), _opened_to(viewer))


def visible_profile(session: Session, viewer: Row[Any], profile_id: str) -> Row[Any] | None:
    """One profile, if it was opened to ``viewer``."""
    return session.execute(visible_profiles(viewer).where(profile.c.id == profile_id)).one_or_none()


def met(viewer: Row[Any], meeting_id: str) -> ColumnElement[bool]:
    """That the person of a profile takes part in this meeting, as the person of ``viewer`` does."""
    return _were_together(viewer).where(registration.c.meeting_id == meeting_id).exists()


def _in_sight(viewer: Row[Any]) -> list[ColumnElement[bool]]:
    blocks = select(network_block.c.blocker_id)
    by_viewer = blocks.where(
        network_block.c.blocker_id == viewer.id, network_block.c.blocked_key == profile.c.address_key
    )
    by_them = blocks.where(
        network_block.c.blocker_id == profile.c.id, network_block.c.blocked_key == viewer.address_key
    )
    hidden = select(network_hiding.c.address_key).where(
        network_hiding.c.address_key.in_((profile.c.address_key, viewer.address_key))
    )
    return [~by_viewer.exists(), ~by_them.exists(), ~hidden.exists()]


def _opened_to(viewer: Row[Any]) -> ColumnElement[bool]:
    of_region = profile.c.region == viewer.region if viewer.region else false()
    return or_(
        profile.c.visible_to == "network",
        (profile.c.visible_to == "region") & of_region,
        (profile.c.visible_to == "meeting") & _were_together(viewer).exists(),
    )


def _were_together(viewer: Row[Any]) -> Select[Any]:
    """Where the person of a profile takes part in a meeting, and the person of ``viewer`` does too.

    A meeting that was called off brings nobody together.
    """
    mine = registration.alias("mine")
    together = (
        select(registration.c.id)
        .join(mine, mine.c.meeting_id == registration.c.meeting_id)
        .join(meeting, meeting.c.id == registration.c.meeting_id)
        .where(*_taking_part(registration), *_taking_part(mine), meeting.c.status != "cancelled")
    )
    theirs = registration.c.address_key == profile.c.address_key
    return together.where(theirs, mine.c.address_key == viewer.address_key).correlate(profile)


def _taking_part(row: Any) -> list[ColumnElement[bool]]:
    """That someone takes part; a second person who reads mail at the same address is someone else."""
    return [row.c.companion == 1, row.c.status.in_(TAKES_PART)]
