"""People with a role: who they are, and what they may do."""

from collections.abc import Sequence

from services.registration.actions.keep_keys import revoke_access
from services.registration.queries.access import organiser_with
from services.registration.rules.addresses import address_key
from services.registration.tables import grants, organiser, sign_in_link
from shared.db.audit import call_by_name, note
from shared.db.transaction import Transaction, new_id
from shared.people.roles import GivenRole


def keep_organiser(tx: Transaction, email: str, role: GivenRole, regions: Sequence[str] = (), *, by: str) -> str:
    """Give the person behind this address a role; gives the person's id.

    ``by``: whose act it is. Who had another role before is signed out. Raises ``BadAddressError``.
    """
    known = organiser_with(tx.session, address_key(email))
    person_id: str = known.id if known else new_id()
    row = {
        "id": person_id,
        "address_key": address_key(email),
        "email": email.strip(),
        "role": role,
        "regions": list(regions),
        "created_at": known.created_at if known else tx.now,
    }
    tx.upsert(organiser, [row])
    call_by_name(tx, person_id, email.strip())
    if known and (known.role, known.regions) != (role, list(regions)):
        _sign_out(tx, person_id, by)
    note(tx, "role.given", by=by, thing=person_id, facts={"role": role, "regions": list(regions)})
    return person_id


def remove_organiser(tx: Transaction, email: str, by: str) -> bool:
    """Take someone's role away and sign them out; tells whether they had one. Raises ``BadAddressError``.

    ``by``: whose act it is.
    """
    known = organiser_with(tx.session, address_key(email))
    if known is None:
        return False
    _sign_out(tx, known.id, by)
    tx.session.execute(sign_in_link.delete().where(sign_in_link.c.person_id == known.id))
    tx.session.execute(organiser.delete().where(organiser.c.id == known.id))
    note(tx, "role.taken", by=by, thing=known.id, facts={"role": known.role})
    return True


def _sign_out(tx: Transaction, person_id: str, by: str) -> None:
    revoke_access(tx, by, grants.c.person_id == person_id, grants.c.kind == "session")
