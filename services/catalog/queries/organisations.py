"""Organisations, as those need them who count them."""

from sqlalchemy.orm import Session

from services.catalog.queries import references
from services.catalog.rules.references import Reference


def organisations_by_code(session: Session) -> dict[str, Reference]:
    """Every organisation the network knows, also those that are no more, in the order of their names."""
    return {word.code: word for word in references(session, "organisation")}
