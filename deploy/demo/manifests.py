"""Two invented manifests, and which organisations of the demonstration are said to have signed them."""

from datetime import date, timedelta
from itertools import islice

from services.catalog.actions.keep_manifest import keep_manifest
from services.catalog.actions.sign_manifest import sign_manifest
from services.catalog.queries.manifests import lock_manifest, manifest_slugs
from services.catalog.queries.organisations import organisations_by_code
from services.catalog.rules.manifests import Signature
from services.catalog.rules.slug import slug_of
from shared.db.transaction import Database, Transaction

_TEXTS = {
    "nl": "Wij kopen eerlijk, groen en sociaal in. (Dit manifest is een voorbeeld.)\n\n"
    "Wie tekent, maakt binnen een half jaar een actieplan en laat elk jaar zien wat ervan terechtkwam.",
    "en": "We buy fairly, with care for the climate and for people. (This manifest is an example.)\n\n"
    "Who signs makes an action plan within half a year, and shows every year what came of it.",
}
_FIRST = {"nl": "Manifest eerlijk inkopen (voorbeeld)", "en": "Manifest for fair procurement (example)"}
_BEFORE = {"nl": "Eerste manifest eerlijk inkopen (voorbeeld)"}


def load_manifests(database: Database, first_start: date) -> None:
    """Make both, unless they are there; every second organisation signs the one that runs."""
    with database.begin() as tx:
        _load(tx, _BEFORE, first_start - timedelta(days=5 * 365), first_start - timedelta(days=366), 5)
        _load(tx, _FIRST, first_start - timedelta(days=365), None, 2)


def _load(tx: Transaction, title: dict[str, str], starts_on: date, ends_on: date | None, every: int) -> None:
    if slug_of(title["nl"], ()) in manifest_slugs(tx.session):
        return
    said = {"title": title, "text": _TEXTS if ends_on is None else {"nl": _TEXTS["nl"]}}
    slug = keep_manifest(tx, None, {**said, "starts_on": starts_on, "ends_on": ends_on})
    manifest = lock_manifest(tx.session, slug)
    assert manifest is not None
    codes = islice(organisations_by_code(tx.session), 0, None, every)
    signatures = [
        Signature(
            signatory=code,
            organisation=code,
            name="",
            signed_on=starts_on + timedelta(days=7 * (number % 40)),
            action_plan=f"https://www.kring.example/actieplan-{number}" if number % 3 == 0 else "",
        )
        for number, code in enumerate(codes)
    ]
    sign_manifest(tx, manifest, signatures)
