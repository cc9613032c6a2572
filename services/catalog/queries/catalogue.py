"""How often the catalogue changed: what feeds are kept by."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.catalog import tables


@dataclass(frozen=True)
class CatalogueVersion:
    """Rises with whatever may change a feed; ``changed_at`` (aware UTC, whole seconds) moves only forward."""

    version: int
    changed_at: datetime


def catalogue_version(session: Session) -> CatalogueVersion:
    """How far the catalogue is; raises ``sqlalchemy.exc.NoResultFound`` on a database without migrations."""
    row = session.execute(select(tables.catalogue.c.version, tables.catalogue.c.changed_at)).one()
    return CatalogueVersion(row.version, row.changed_at)


def lock_catalogue(session: Session) -> CatalogueVersion:
    """The same, locked until the end of the transaction."""
    catalogue = tables.catalogue.c
    row = session.execute(select(catalogue.version, catalogue.changed_at).with_for_update()).one()
    return CatalogueVersion(row.version, row.changed_at)
