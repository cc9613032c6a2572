"""What participants report to programme managers, and whom these took out of sight."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import Session

from services.registration.tables import network_block, network_hiding, network_report, profile

_MOST = 20


def blocks_of(session: Session, profile_id: str) -> Sequence[Row[Any]]:
    """Whom someone blocked, the latest first."""
    mine = select(network_block).where(network_block.c.blocker_id == profile_id)
    return session.execute(mine.order_by(network_block.c.blocked_at.desc(), network_block.c.blocked_key)).all()


def hiding_of(session: Session, address_key: str) -> Row[Any] | None:
    """When and why a programme manager hid the profile of whom this address is."""
    return session.execute(select(network_hiding).where(network_hiding.c.address_key == address_key)).one_or_none()


def profile_by(session: Session, profile_id: str) -> Row[Any] | None:
    """Any profile, for who looks into it: whether it was opened to them or not."""
    return session.execute(select(profile).where(profile.c.id == profile_id)).one_or_none()


def profiles_called(session: Session, text: str) -> Sequence[Row[Any]]:
    """A few profiles with ``text`` in their name or organisation, or of whom it is the address; whether hidden too."""
    is_called = (
        profile.c.name.icontains(text, autoescape=True),
        profile.c.organisation.icontains(text, autoescape=True),
        profile.c.address_key == text.strip().lower(),
    )
    hidden = select(network_hiding.c.address_key).where(network_hiding.c.address_key == profile.c.address_key)
    found = select(profile.c.id, profile.c.name, profile.c.organisation, hidden.exists().label("hidden"))
    return session.execute(found.where(or_(*is_called)).order_by(profile.c.name, profile.c.id).limit(_MOST)).all()


def report_by(session: Session, report_id: str) -> Row[Any] | None:
    """One report that nobody looked into yet."""
    return session.execute(_open_reports().where(network_report.c.id == report_id)).one_or_none()


def open_reports(session: Session) -> Sequence[Row[Any]]:
    """The reports that nobody looked into yet, the oldest first, with who reported whom and what their profile says."""
    return session.execute(_open_reports().order_by(network_report.c.reported_at, network_report.c.id)).all()


def hidden_people(session: Session) -> Sequence[Row[Any]]:
    """Whom programme managers hid, the latest first; ``name`` is None for who left the network."""
    hidden = select(network_hiding, profile.c.name).outerjoin(
        profile, profile.c.address_key == network_hiding.c.address_key
    )
    return session.execute(hidden.order_by(network_hiding.c.hidden_at.desc())).all()


def _open_reports() -> Select[Any]:
    reporter = profile.alias("reporter")
    said = [profile.c[name] for name in ("address_key", "name", "organisation", "can_help_with", "looking_for")]
    return (
        select(network_report, *said, reporter.c.name.label("reporter"))
        .join(profile, profile.c.id == network_report.c.reported_id)
        .join(reporter, reporter.c.id == network_report.c.reporter_id)
        .where(network_report.c.decision.is_(None))
    )
