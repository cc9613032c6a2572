"""Keep our copy of catalog's words: target groups, organisations, regions."""

from sqlalchemy import delete

from services.registration.tables import mail_domain, reference
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
        tx.session.execute(delete(mail_domain).where(mail_domain.c.organisation_id == happened.code))
        domains = [{"domain": domain, "organisation_id": happened.code} for domain in happened.email_domains]
        tx.upsert(mail_domain, domains)
