"""The words that forms offer."""

from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from services.catalog.queries import references
from services.catalog.rules.references import Kind, Reference
from services.catalog.rules.words import is_offered


def offered(session: Session, kind: Kind, day: date, chosen: Collection[str] = ()) -> list[Reference]:
    """The words of one kind that can be chosen on ``day``, in their order, and those that are ``chosen`` already."""
    return [word for word in references(session, kind) if word.code in chosen or is_offered(word, day)]
