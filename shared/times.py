"""Instants as Kring writes them: aware, in UTC, ending in ``Z``."""

from datetime import UTC, datetime
from typing import Any

from marshmallow import ValidationError, fields


def utc_now() -> datetime:
    """The wall clock, aware, in UTC. Doors take it from here; actions read ``tx.now``."""
    return datetime.now(UTC)


def utc_text(moment: datetime) -> str:
    """``moment`` (aware, any zone) as RFC 3339 in UTC: ``2026-11-23T08:39:00Z``; a fraction only if there is one."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


class UtcDateTime(fields.AwareDateTime):
    """A marshmallow field: reads RFC 3339 with any offset, gives aware UTC; writes UTC with ``Z``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", default_timezone=None, **kwargs)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        """Write ``value`` in UTC."""
        del attr, obj, kwargs
        return None if value is None else utc_text(value)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        """Read ``value`` and turn it into UTC; raises ``ValidationError`` where it is no instant."""
        try:
            return super()._deserialize(value, attr, data, **kwargs).astimezone(UTC)
        except OverflowError as error:  # year 1 with an offset falls outside the calendar
            raise ValidationError("Not a valid datetime.") from error
