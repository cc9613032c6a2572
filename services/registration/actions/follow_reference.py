"""Keep our copy of catalog's words: target groups, organisations, regions."""

from collections.abc import Mapping

from sqlalchemy import delete

from services.registration.tables import mail_domain, organisation_name, reference
from shared.db.transaction import Transaction
from shared.events.catalog import ReferenceChanged


def follow_reference(tx: Transaction, happened: ReferenceChanged) -> None:
    """Take over one code with its labels as it is now."""
    row = {
        "kind": happened.kind,
        "code": happened.code,
        "labels": dict(happened.labels),
        "position": happened.position,
        "merged_into": happened.merged_into,
        "valid_to": happened.valid_to,
        "organisation_kind": happened.organisation_kind,
        "region": happened.region,
    }
    tx.upsert(reference, [row])
    if happened.kind == "organisation":
        _keep_names(tx, happened)
        _keep_domains(tx, happened)


def _keep_names(tx: Transaction, told: ReferenceChanged) -> None:
    tx.session.execute(delete(organisation_name).where(organisation_name.c.organisation_id == told.code))
    rows = [{"name": name, "organisation_id": told.code} for name in _names(told.code, told.labels)]
    tx.upsert(organisation_name, rows)


def _keep_domains(tx: Transaction, told: ReferenceChanged) -> None:
    tx.session.execute(delete(mail_domain).where(mail_domain.c.organisation_id == told.code))
    tx.upsert(mail_domain, [{"domain": domain, "organisation_id": told.code} for domain in told.email_domains])


def _names(code: str, labels: Mapping[str, str]) -> set[str]:
    """By what an organisation is found, in small letters."""
    return {name.casefold() for name in (code, *labels.values())}
