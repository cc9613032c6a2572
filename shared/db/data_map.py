"""What personal data a service keeps, read from its tables: one entry for all that is kept for the same reason."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import MetaData

from shared.db.base import Personal


@dataclass(frozen=True)
class Kept:
    """The ``columns`` that are kept on the same terms, as ``table.column``."""

    terms: Personal
    columns: tuple[str, ...]


def data_map(metadata: MetaData) -> list[Kept]:
    """All that these tables keep of people, in the order in which it is declared."""
    found: dict[Personal, list[str]] = defaultdict(list)
    for table in metadata.tables.values():
        for column in table.columns:
            terms = column.info.get("personal")
            if terms:
                found[terms].append(f"{table.name}.{column.name}")
    return [Kept(terms, tuple(columns)) for terms, columns in found.items()]
