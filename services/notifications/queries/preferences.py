"""What addresses want."""

from dataclasses import replace

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from services.notifications import tables
from services.notifications.queries import is_bounced
from services.notifications.rules.addresses import OurAddresses
from services.notifications.rules.preferences import Preferences, Topic
from shared.events.registration import Person


def preferences(session: Session, fingerprint: str) -> Preferences:
    """What the address with this fingerprint wants."""
    chosen = tables.preference
    columns = (chosen.c.language, chosen.c.reminders, chosen.c.digest, chosen.c.invitations, chosen.c.network)
    row = session.execute(select(*columns).where(chosen.c.fingerprint == fingerprint)).one_or_none()
    return Preferences() if row is None else Preferences(**row._mapping)  # noqa: SLF001  # public in spite of its name


_LANGUAGE = select(tables.preference.c.language).where(tables.preference.c.fingerprint == bindparam("fingerprint"))


def spoken_to(session: Session, ours: OurAddresses, person: Person) -> Person:
    """This person with the language that their address chose, if it did: else the one they signed up in."""
    chosen = session.scalar(_LANGUAGE, {"fingerprint": ours.fingerprint(person.email or "")})
    return replace(person, language=chosen) if chosen else person


def wants(session: Session, ours: OurAddresses, address: str, topic: Topic) -> bool:
    """Whether this address (as typed) wants mail of this kind: by default all but the digest."""
    return preferences(session, ours.fingerprint(address)).want(topic)


def may_remind(session: Session, ours: OurAddresses, address: str) -> bool:
    """Whether this address (as typed) may be reminded and thanked: mail arrives there, and this kind is wanted."""
    return not is_bounced(session, address) and wants(session, ours, address, "reminders")
