"""Tell somebody, by way of registration, all that is kept of them here."""

from typing import Final

from services.catalog.queries.about_person import about_person
from shared.bus.erasing import empty_told
from shared.db.due import plan
from shared.db.ledger import Erased
from shared.db.transaction import Transaction
from shared.events.erasure import ExportDone, ExportRequested
from shared.people.pseudonyms import Pseudonyms
from shared.people.telling import in_parts

FORGET_EXPORT: Final = "forget-export"


def answer_export(tx: Transaction, pseudonyms: Pseudonyms, asked: ExportRequested) -> None:
    """Tell it in as many events as it takes; it leaves the journal a day later. Too late, nothing is told."""
    if asked.valid_until <= tx.now:
        return
    person = Erased(pseudonyms.of(asked.email), tx.now, pseudonyms, asked.email)
    parts = list(in_parts(about_person(tx.session, person)))
    for number, content in enumerate(parts, 1):
        tx.publish(
            ExportDone(
                id=asked.id,
                person=person.person,
                service="catalog",
                part=number,
                parts=len(parts),
                valid_until=asked.valid_until,
                content=content,
            )
        )
    plan(tx, FORGET_EXPORT, asked.id, asked.valid_until)


def forget_export(tx: Transaction, export_id: str) -> None:
    """Due work: nobody can take it any more."""
    empty_told(tx, "export", export_id)
