"""What addresses want."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.notifications import tables
from services.notifications.queries import is_bounced
from services.notifications.rules.addresses import OurAddresses
from services.notifications.rules.preferences import Preferences, Topic


def preferences(session: Session, fingerprint: str) -> Preferences:
    """What the address with this fingerprint wants."""
    chosen = tables.preference
    columns = (chosen.c.language, chosen.c.reminders, chosen.c.digest, chosen.c.invitations)
    row = session.execute(select(*columns).where(chosen.c.fingerprint == fingerprint)).one_or_none()
    return Preferences() if row is None else Preferences(**row._mapping)  # noqa: SLF001  # public in spite of its name


def wants(session: Session, ours: OurAddresses, address: str, topic: Topic) -> bool:
    """Whether this address (as typed) wants mail of this kind: by default reminders and invitations, no digest."""
    return preferences(session, ours.fingerprint(address)).want(topic)


def may_remind(session: Session, ours: OurAddresses, address: str) -> bool:
    """Whether this address (as typed) may be reminded and thanked: mail arrives there, and this kind is wanted."""
    return not is_bounced(session, address) and wants(session, ours, address, "reminders")
