"""What the tables of catalog stand on: one metadata, the tables of the event flow, and facts kept as JSON."""

from typing import Any

from sqlalchemy import JSON, Dialect, TypeDecorator
from sqlalchemy.dialects import postgresql

from shared.db.base import flow_tables, grant_table, limit_table, new_metadata
from shared.events.contract import schema_of

metadata = new_metadata()
flow = flow_tables(metadata)
grants = grant_table(metadata)
limits = limit_table(metadata)


class Facts(TypeDecorator[Any]):
    """A frozen dataclass of ``shared.events.catalog``, kept as JSON in the form in which events carry it."""

    impl = JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    cache_ok = True

    def __init__(self, of: type[Any]) -> None:
        super().__init__()
        self.of = of
        self._schema = schema_of(of)()  # type: ignore[arg-type]  # classes are hashable; mypy doubts it. Made once: that takes longer than reading and writing with it

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """To JSON-ready values."""
        del dialect
        return None if value is None else self._schema.dump(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Back to the dataclass."""
        del dialect
        return None if value is None else self._schema.load(value)


class ManyFacts(Facts):
    """A tuple of such dataclasses."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """To a list of JSON-ready values."""
        return [super(ManyFacts, self).process_bind_param(each, dialect) for each in value]

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Back to a tuple of dataclasses."""
        return tuple(super(ManyFacts, self).process_result_value(each, dialect) for each in value)
