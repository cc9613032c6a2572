"""An editor makes a manifest, or changes what it says."""

from collections.abc import Mapping
from typing import Any

from services.catalog import tables
from services.catalog.queries.manifests import manifest_slugs
from services.catalog.rules.manifests import Manifest
from services.catalog.rules.meeting import in_language
from services.catalog.rules.slug import slug_of
from shared.db.transaction import Transaction, new_id


def keep_manifest(tx: Transaction, known: Manifest | None, said: Mapping[str, Any]) -> str:
    """Keep what was ``said`` (title, text, starts_on, ends_on) of ``known``, or as a new one; gives its slug.

    The slug of a new one is made of its title and stays.
    """
    slug = known.slug if known else slug_of(in_language(said["title"], "nl"), manifest_slugs(tx.session))
    row = {"id": known.id if known else new_id(), "slug": slug, **said, "changed_at": tx.now}
    tx.upsert(tables.manifest, [row])
    return slug
