"""Somebody wants to see what is kept of them: a fresh link by mail, and all of it from every service.

The same is done for every address: whether it is known here says nothing of what the other services keep.
"""

from datetime import timedelta

from sqlalchemy import delete, update

from services.registration.queries.about_person import about_person
from services.registration.tables import export, export_part, my_data_link
from shared.bus.erasing import empty_told
from shared.db.audit import note
from shared.db.due import plan
from shared.db.ledger import Erased
from shared.db.transaction import Transaction, insert_once, new_id
from shared.events.access import LinkRequested
from shared.events.erasure import ExportDone, ExportRequested
from shared.i18n import Language
from shared.people.pseudonyms import Pseudonyms
from shared.people.telling import in_parts

FORGET_LINK = "forget-my-data-link"
FORGET_EXPORT = "forget-export"

LINK_LASTS = timedelta(minutes=15)
"""How long a link works, and what was opened with it."""

EXPORT_LASTS = timedelta(days=1)
"""How long what was gathered can be taken."""


def ask_link(tx: Transaction, pseudonyms: Pseudonyms, email: str, language: Language) -> None:
    """Have a fresh link mailed to this address."""
    link_id, valid_until = new_id(), tx.now + LINK_LASTS
    row = {
        "id": link_id,
        "person": pseudonyms.of(email),
        "email": email,
        "valid_until": valid_until,
        "used": False,
    }
    tx.session.execute(my_data_link.insert(), row)
    plan(tx, FORGET_LINK, link_id, valid_until)
    tx.publish(LinkRequested(id=link_id, purpose="my-data", valid_until=valid_until, email=email, language=language))


def use_link(tx: Transaction, link_id: str) -> bool:
    """Use a link up, by the button on its page; False for one that was used, is too old or unknown.

    What it opens is open for as long again; the link itself ends when it was said to.
    """
    until = tx.now + LINK_LASTS
    fresh = (my_data_link.c.id == link_id, ~my_data_link.c.used, my_data_link.c.valid_until > tx.now)
    used = update(my_data_link).where(*fresh).values(used=True, valid_until=until).returning(my_data_link.c.id)
    if tx.session.scalar(used) is None:
        return False
    plan(tx, FORGET_LINK, link_id, until)
    return True


def forget_link(tx: Transaction, link_id: str) -> None:
    """Due work: a link is too old."""
    tx.session.execute(delete(my_data_link).where(my_data_link.c.id == link_id))
    empty_told(tx, "link", link_id)


def ask_export(tx: Transaction, pseudonyms: Pseudonyms, email: str, language: Language) -> str:
    """Gather all that is kept of whoever has this address; gives the id under which it will be there."""
    person, export_id, valid_until = pseudonyms.of(email), new_id(), tx.now + EXPORT_LASTS
    row = {"id": export_id, "person": person, "requested_at": tx.now, "valid_until": valid_until}
    tx.session.execute(export.insert(), row)
    own = list(in_parts(about_person(tx.session, Erased(person, tx.now, pseudonyms, email))))
    for number, content in enumerate(own, 1):
        told = ExportDone(
            id=export_id,
            person=person,
            service="registration",
            part=number,
            parts=len(own),
            valid_until=valid_until,
            content=content,
        )
        _keep_part(tx, told)
    plan(tx, FORGET_EXPORT, export_id, valid_until)
    tx.publish(ExportRequested(id=export_id, valid_until=valid_until, email=email, language=language))
    note(tx, "person.exported", by=person, thing=export_id)
    return export_id


def take_answer(tx: Transaction, done: ExportDone) -> None:
    """Keep what another service tells, unless nobody can take it any more."""
    if done.valid_until > tx.now:
        _keep_part(tx, done)


def forget_export(tx: Transaction, export_id: str) -> None:
    """Due work: what was gathered was there long enough."""
    tx.session.execute(delete(export_part).where(export_part.c.export_id == export_id))
    tx.session.execute(delete(export).where(export.c.id == export_id))
    empty_told(tx, "export", export_id)


def _keep_part(tx: Transaction, told: ExportDone) -> None:
    row = {
        "export_id": told.id,
        "service": told.service,
        "part": told.part,
        "parts": told.parts,
        "content": told.content,
    }
    tx.session.execute(insert_once(tx.session, export_part, "export_id", "service", "part"), row)
