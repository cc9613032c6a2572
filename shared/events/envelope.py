"""How an event travels: a CloudEvents 1.0 document in structured mode, whose bytes we make and read ourselves.

Attributes name things and never persons; what personal there is stands in ``data``. Reading expects anything: whoever
can write to a queue can write nonsense, and nonsense must end in one clear error.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn

from shared.events.contract import CONTRACTS
from shared.times import utc_text

MEDIA_TYPE = "application/cloudevents+json"
"""The bare media type: what we send. When reading, any parameters are accepted, or none."""

LARGEST = 64 * 1024
"""Octets of a whole document: what every CloudEvents intermediary must forward (CloudEvents 1.0, section 5)."""

_ATTRIBUTES = 2 * 1024
"""Octets that the attributes around ``data`` take at most."""

_TYPE = "nl.kring."
_SOURCE = "urn:kring:"
_WHOLE_NUMBER = 2**31  # CloudEvents integers have 32 bits, and so have our columns
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")  # W3C Trace Context 1, 3.2.2
_NOT_IN_ATTRIBUTES = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


class UnreadableEventError(ValueError):
    """These bytes are no event; the text says in one sentence why."""


class TooLargeError(UnreadableEventError):
    """The document has more than 64 kB."""


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """One event and what is known about it.

    ``type_version`` is the version of the contract, ``version`` that of the aggregate; ``data`` is JSON-ready.
    ``traceparent`` names the span that published it (CloudEvents, Distributed Tracing extension), where spans are made.
    """

    id: str
    publisher: str
    type: str
    type_version: int = 1
    aggregate: str
    aggregate_id: str
    version: int
    epoch: int = 1
    occurred_at: datetime
    correlation_id: str
    causation_id: str | None = None
    traceparent: str | None = None
    data: Mapping[str, Any]


_AS_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def seal(envelope: Envelope) -> bytes:
    """The event as it goes over the wire. Raises ``TooLargeError`` above 64 kB."""
    document = {
        "specversion": "1.0",
        "id": envelope.id,
        "source": _SOURCE + envelope.publisher,
        "type": _TYPE + envelope.type,
        "subject": envelope.aggregate_id,
        "time": utc_text(envelope.occurred_at),
        "datacontenttype": "application/json",
        "dataschema": f"{_SOURCE}{envelope.type}:{envelope.type_version}",
        "correlationid": envelope.correlation_id,
        **({"causationid": envelope.causation_id} if envelope.causation_id else {}),
        **({"traceparent": envelope.traceparent} if envelope.traceparent else {}),
        "aggregateversion": envelope.version,
        "epoch": envelope.epoch,
        "data": envelope.data,
    }
    body = _written(document)
    if len(body) > LARGEST:
        raise TooLargeError(f"{envelope.type} {envelope.aggregate_id}: {len(body)} octets, at most {LARGEST} travel")
    return body


def require_fitting(name: str, data: Mapping[str, Any]) -> None:
    """Raise ``TooLargeError`` if an event called ``name`` could not travel with ``data``."""
    octets = len(_written(data))
    if octets > LARGEST - _ATTRIBUTES:
        raise TooLargeError(f"{name}: {octets} octets of facts, at most {LARGEST - _ATTRIBUTES} travel")


def unseal(body: bytes) -> Envelope:
    """The event in ``body``. Its ``data`` is an object, but not yet held against the contract.

    Raises ``UnreadableEventError`` for whatever is no CloudEvent of ours.
    """
    if len(body) > LARGEST:
        raise TooLargeError(f"{len(body)} octets, at most {LARGEST} are read")
    document = _parse(body)
    if document.get("specversion") != "1.0":
        raise UnreadableEventError("specversion: not 1.0")
    name = _text(document, "type", 80 + len(_TYPE), starts=_TYPE)
    data = document.get("data")
    if not isinstance(data, dict):
        raise UnreadableEventError("data: not an object")
    return Envelope(
        id=_text(document, "id", 80),
        publisher=_text(document, "source", 40 + len(_SOURCE), starts=_SOURCE),
        type=name,
        type_version=_contract_version(document, name),
        aggregate=aggregate_of(name),
        aggregate_id=_text(document, "subject", 200),
        version=_number(document, "aggregateversion"),
        epoch=_number(document, "epoch"),
        occurred_at=_time(document),
        correlation_id=_text(document, "correlationid", 80),
        causation_id=_text(document, "causationid", 80) if "causationid" in document else None,
        traceparent=_traceparent(document),
        data=data,
    )


def aggregate_of(name: str) -> str:
    """The kind of thing that the event called ``name`` speaks of; for an unknown event its own first word."""
    contract = CONTRACTS.get(name)
    return contract.aggregate if contract else name.split(".", 1)[0][:40]


def _written(document: Mapping[str, Any]) -> bytes:
    return _AS_JSON.encode(document).encode()


def _parse(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body.decode(), parse_constant=_refuse_constant)
    except RecursionError:
        raise UnreadableEventError("nested too deeply") from None
    except ValueError as error:
        raise UnreadableEventError(f"not JSON in UTF-8: {error}") from None
    if not isinstance(document, dict):
        raise UnreadableEventError("not a JSON object")
    return document


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _text(document: Mapping[str, Any], name: str, longest: int, *, starts: str = "") -> str:
    value = document.get(name)
    if not isinstance(value, str) or not value.startswith(starts) or not len(starts) < len(value) <= longest:
        raise UnreadableEventError(f"{name}: not a text of 1 to {longest} characters" + f", {starts}…" * bool(starts))
    if _NOT_IN_ATTRIBUTES.search(value):
        raise UnreadableEventError(f"{name}: characters that attributes may not hold")
    return value.removeprefix(starts)


def _traceparent(document: Mapping[str, Any]) -> str | None:
    """None where it is not well-formed: then the trace begins anew, and the event counts all the same."""
    given = document.get("traceparent")
    return given if isinstance(given, str) and _TRACEPARENT.fullmatch(given) else None


def _number(document: Mapping[str, Any], name: str) -> int:
    value = document.get(name)
    if type(value) is not int or not 0 < value < _WHOLE_NUMBER:
        raise UnreadableEventError(f"{name}: not a whole number from 1")
    return value


def _time(document: Mapping[str, Any]) -> datetime:
    try:
        moment = datetime.fromisoformat(_text(document, "time", 40))
        if moment.tzinfo is None:
            raise UnreadableEventError("time: without an offset")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UnreadableEventError(f"time: {error}") from None


def _contract_version(document: Mapping[str, Any], name: str) -> int:
    """The number at the end of ``dataschema``, ``urn:kring:meeting.published:1``; 1 where there is none."""
    if "dataschema" not in document:
        return 1
    start = f"{_SOURCE}{name}:"
    number = _text(document, "dataschema", len(start) + 4, starts=start)
    if not (number.isascii() and number.isdigit() and int(number)):
        raise UnreadableEventError(f"dataschema: not {start}1 or a later version")
    return int(number)
