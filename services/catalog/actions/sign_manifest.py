"""Organisations sign a manifest: one, or many from a file; or withdraw."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date

from sqlalchemy import update

from services.catalog import queries, tables
from services.catalog.queries.manifests import all_signatures
from services.catalog.rules.days import home_day
from services.catalog.rules.flaws import FlawedError
from services.catalog.rules.manifests import Manifest, Signature, signature_flaws
from services.catalog.rules.meeting import in_language
from shared.db.transaction import Transaction
from shared.words import folded


def sign_manifest(tx: Transaction, manifest: Manifest, signed: Sequence[Signature]) -> int:
    """Keep each signature as it is now; gives how many were new or different. All of them, or none.

    ``manifest`` is read under its lock. Raises ``FlawedError``; each flaw is named by the place of its signature,
    from 0 on (``0.signedOn``).
    """
    today = home_day(tx.now)
    flaws = [
        replace(flaw, name=f"{number}.{flaw.name}")
        for number, each in enumerate(signed)
        for flaw in signature_flaws(each, today)
    ]
    if flaws:
        raise FlawedError(flaws)
    before = all_signatures(tx.session, manifest.id)
    different = [each for each in signed if before.get(each.signatory) != each]
    if different:
        tx.upsert(tables.signature, [_row(tx, manifest, each) for each in different])
        mine = tables.manifest.c.id == manifest.id
        tx.session.execute(update(tables.manifest).where(mine).values(changed_at=tx.now))
    return len(different)


def withdraw_signature(tx: Transaction, manifest: Manifest, signed: Signature, on: date) -> None:
    """Let a signature count no more from the day ``on``; it stays on record. Raises ``FlawedError``."""
    sign_manifest(tx, manifest, [replace(signed, withdrawn_on=on)])


def _row(tx: Transaction, manifest: Manifest, signed: Signature) -> dict[str, object]:
    known = queries.organisation(tx.session, signed.organisation) if signed.organisation else None
    name = in_language(known.labels, "nl") if known else signed.name
    return {"manifest_id": manifest.id, "search": folded(name), **asdict(signed)}
