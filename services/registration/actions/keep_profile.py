"""Join the network, or say something else about oneself."""

from dataclasses import dataclass

from sqlalchemy import update

from services.registration.actions.keep_consent import give_consent
from services.registration.queries.network import profile_of
from services.registration.queries.references import workplace
from services.registration.rules.network import VisibleTo
from services.registration.rules.shared_words import findable
from services.registration.tables import profile
from shared.db.transaction import Transaction, insert_once, new_id


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What someone says about themselves; ``target_group``, ``region`` and ``themes`` are codes."""

    name: str
    target_group: str
    organisation: str
    region: str | None
    themes: tuple[str, ...]
    can_help_with: str
    looking_for: str
    visible_to: VisibleTo
    language: str


def keep_profile(tx: Transaction, address_key: str, email: str, said: Profile) -> str:
    """Make the profile of whom this address is what they ``said``; gives its id, which stays the same.

    Who joins agrees to take part: the door asked. Two at once, as by a double click, make one profile.
    """
    organisation, organisation_id = workplace(tx.session, said.organisation, None)
    row = {
        "email": email,
        "name": said.name,
        "target_group": said.target_group,
        "organisation": organisation,
        "organisation_id": organisation_id,
        "region": said.region,
        "themes": list(said.themes),
        "can_help_with": said.can_help_with,
        "looking_for": said.looking_for,
        "visible_to": said.visible_to,
        "words": findable(f"{said.name} {organisation} {said.looking_for}", said.can_help_with),
        "language": said.language,
        "changed_at": tx.now,
    }
    mine = profile.c.address_key == address_key
    if profile_of(tx.session, address_key) is None:
        new = {**row, "id": new_id(), "address_key": address_key, "created_at": tx.now}
        joined = tx.session.scalar(insert_once(tx.session, profile, "address_key").returning(profile.c.id), new)
        if joined:
            give_consent(tx, address_key, "network")
    return str(tx.session.scalar(update(profile).where(mine).values(row).returning(profile.c.id)))
