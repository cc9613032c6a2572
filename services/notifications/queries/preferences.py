"""What addresses want."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from services.notifications import tables
from services.notifications.queries import is_bounced
from services.notifications.rules.addresses import OurAddresses
from services.notifications.rules.preferences import Preferences, Topic
from shared.events.registration import Person
from shared.i18n import Language


def preferences(session: Session, fingerprint: str) -> Preferences:
    """What the address with this fingerprint wants."""
    chosen = tables.preference
    columns = (chosen.c.language, chosen.c.reminders, chosen.c.digest, chosen.c.invitations, chosen.c.network)
    row = session.execute(select(*columns).where(chosen.c.fingerprint == fingerprint)).one_or_none()
    return Preferences() if row is None else Preferences(**row._mapping)  # noqa: SLF001  # public in spite of its name


_PREFERENCE = tables.preference.c
LANGUAGE = select(_PREFERENCE.language).where(_PREFERENCE.fingerprint == bindparam("fingerprint"))
_LANGUAGES = select(_PREFERENCE.fingerprint, _PREFERENCE.language).where(
    _PREFERENCE.fingerprint.in_(bindparam("fingerprints", expanding=True)), _PREFERENCE.language.is_not(None)
)


def spoken_to(session: Session, ours: OurAddresses, person: Person) -> Person:
    """This person with the language that their address chose, if it did: else the one they signed up in."""
    chosen = session.scalar(LANGUAGE, {"fingerprint": ours.fingerprint(person.email or "")})
    return replace(person, language=chosen) if chosen else person


def chosen_languages(session: Session, ours: OurAddresses, addresses: Iterable[str]) -> Mapping[str, Language]:
    """The language that each of these addresses (as typed) chose, of those that did."""
    fingerprints = {address: ours.fingerprint(address) for address in addresses}
    chosen = {row[0]: row[1] for row in session.execute(_LANGUAGES, {"fingerprints": list(fingerprints.values())})}
    return {address: chosen[whose] for address, whose in fingerprints.items() if whose in chosen}


def wants(session: Session, ours: OurAddresses, address: str, topic: Topic) -> bool:
    """Whether this address (as typed) wants mail of this kind: by default all but the digest."""
    return preferences(session, ours.fingerprint(address)).want(topic)


def may_remind(session: Session, ours: OurAddresses, address: str) -> bool:
    """Whether this address (as typed) may be reminded and thanked: mail arrives there, and this kind is wanted."""
    return not is_bounced(session, address) and wants(session, ours, address, "reminders")
