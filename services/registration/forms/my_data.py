"""One's own data: asking for it, what is kept, and what was erased."""

from typing import Any

from marshmallow import Schema, fields
from sqlalchemy import Row

from services.registration.forms.fields import Address
from services.registration.queries.my_data import Export
from shared.times import UtcDateTime
from shared.web.fields import Form


class MyDataLinkForm(Form):
    """The address that a link is mailed to."""

    email = Address(required=True)


class ReceiptOut(Schema):
    """What one service erased: rows per table. Without ``done_at`` it is still to be done."""

    service = fields.String(required=True)
    done_at = UtcDateTime(data_key="doneAt", allow_none=True, required=True)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    undelivered = fields.Integer(required=True)


class ErasureOut(Schema):
    """Since when somebody is being erased, and what each service says; ``done`` when all have."""

    requested_at = UtcDateTime(data_key="requestedAt", required=True)
    done = fields.Boolean(required=True)
    receipts = fields.List(fields.Nested(ReceiptOut), required=True)


class MyDataOut(Schema):
    """What registration keeps of somebody, by kind, and which services keep the rest."""

    email = fields.String(required=True, allow_none=True)
    registration = fields.Dict(required=True)
    services = fields.List(fields.String(), required=True)
    erasure = fields.Nested(ErasureOut, allow_none=True, required=True)


class ExportOut(Schema):
    """All that is kept of somebody: ``data`` by service when all have answered."""

    id = fields.String(required=True)
    status = fields.String(required=True)
    requested_at = UtcDateTime(data_key="requestedAt", required=True)
    valid_until = UtcDateTime(data_key="validUntil", required=True)
    services = fields.Dict(keys=fields.String(), values=fields.Boolean(), required=True)
    data = fields.Dict(required=True)


def as_export(gathered: Export) -> dict[str, Any]:
    """As ``ExportOut`` says it: the data only when all have answered."""
    return {
        **vars(gathered),
        "status": "ready" if gathered.is_ready else "gathering",
        "data": gathered.data if gathered.is_ready else {},
    }


def as_erasure(receipts: list[Row[Any]]) -> dict[str, Any] | None:
    """As ``ErasureOut`` says it; None where nobody asked for it."""
    if not receipts:
        return None
    return {
        "requested_at": max(receipt.requested_at for receipt in receipts),
        "done": all(receipt.done_at for receipt in receipts),
        "receipts": receipts,
    }
