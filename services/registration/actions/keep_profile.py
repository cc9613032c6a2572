"""Join the network, or say something else about oneself."""

from dataclasses import dataclass

from services.registration.actions.keep_consent import give_consent
from services.registration.queries.network import profile_of
from services.registration.queries.references import workplace
from services.registration.rules.network import VisibleTo
from services.registration.rules.shared_words import findable
from services.registration.tables import profile
from shared.db.transaction import Transaction, new_id


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
    """Make the profile of whom this address is what they ``said``; gives its id, which stays the same."""
    known = profile_of(tx.session, address_key)
    organisation, organisation_id = workplace(tx.session, said.organisation, None)
    row = {
        "id": known.id if known else new_id(),
        "address_key": address_key,
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
        "created_at": known.created_at if known else tx.now,
        "changed_at": tx.now,
    }
    tx.upsert(profile, [row])
    if known is None:
        give_consent(tx, address_key, "network")
    return str(row["id"])
