"""What the events look like, for those who did not write them: JSON Schema, an AsyncAPI 3 document, and a page.

All of it is derived from the dataclasses. Nothing forbids unknown fields: a newer publisher may say more.
"""

from collections.abc import Iterator
from typing import Any, get_args

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from shared.bus import names
from shared.events import CONTRACTS
from shared.events.contract import Contract, Publisher, personal_paths
from shared.events.envelope import MEDIA_TYPE

Json = dict[str, Any]

_TEXT: Json = {"type": "string", "minLength": 1}
_WHOLE: Json = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}


def schemas() -> dict[str, Json]:
    """JSON Schema (draft 2020-12) of the data of every event and of their parts, by name; ``$ref`` as in OpenAPI."""
    spec = APISpec("", "", "3.1.0", plugins=[MarshmallowPlugin(schema_name_resolver=_schema_name)])
    for contract in CONTRACTS.values():
        name = contract.of.__name__
        if name not in spec.components.schemas:
            spec.components.schema(name, schema=contract.schema())
    found: dict[str, Json] = _open(spec.components.schemas)
    return found


def schema_of_event(name: str) -> Json:
    """One event's whole document on the wire, as JSON Schema. Raises ``LookupError`` where there is no such event."""
    contract = CONTRACTS[name]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:kring:{name}:{contract.version}",
        **_document(contract),
        "components": {"schemas": schemas()},
    }


def asyncapi(service: str, *, version: str = "1.0.0") -> Json:
    """What ``service`` sends and receives, as an AsyncAPI 3.0 document."""
    sent = [contract for contract in CONTRACTS.values() if service in contract.publishers]
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": f"Kring {service}: events",
            "version": version,
            "description": f"What {service} tells, as CloudEvents 1.0 in structured mode.",
            "license": {"name": "EUPL-1.2", "url": "https://joinup.ec.europa.eu/collection/eupl"},
        },
        "defaultContentType": MEDIA_TYPE,
        "channels": {
            publisher: {
                "address": names.exchange(publisher),
                "description": f"The topic exchange on which {publisher} alone publishes; the routing key is the type.",
                "messages": {c.name: {"$ref": f"#/components/messages/{c.name}"} for c in _told_by(publisher)},
                "bindings": {
                    "amqp": {
                        "is": "routingKey",
                        "exchange": {"name": names.exchange(publisher), "type": "topic", "durable": True},
                        "bindingVersion": "0.3.0",
                    }
                },
            }
            for publisher in get_args(Publisher)
        },
        "operations": {
            **{f"send {contract.name}": _operation("send", service, contract) for contract in sent},
            **{
                f"receive {contract.name} from {publisher}": _operation("receive", publisher, contract)
                for publisher in get_args(Publisher)
                if publisher != service
                for contract in _told_by(publisher)
            },
        },
        "components": {
            "messages": {name: _message(contract) for name, contract in CONTRACTS.items()},
            "schemas": schemas(),
        },
    }


def page() -> str:
    """``docs/events.md``: every event, what it carries, and which of that is personal."""
    return "\n".join(_page_lines()) + "\n"


def _page_lines() -> Iterator[str]:
    yield "# Events"
    yield ""
    yield "Written by `python -m shared.events`; do not edit. What events carry beside their CloudEvents attributes."
    yield "*Carries state*: the newest one alone is enough. *Personal* fields are erasable in the journal."
    for name, contract in sorted(CONTRACTS.items()):
        yield ""
        yield f"## `{name}`"
        yield ""
        yield (contract.of.__doc__ or "").strip()
        yield ""
        yield f"- told by {', '.join(contract.publishers)}, aggregate {contract.aggregate} (`subject` is its id)"
        yield f"- version {contract.version}" + ", carries state" * contract.carries_state
        personal = sorted({".".join(path) for path in personal_paths(contract.of)})
        if personal:
            yield f"- personal: {', '.join(f'`{path}`' for path in personal)}"
        yield ""
        yield from _field_lines(schemas()[contract.of.__name__])
    yield ""
    yield "# Parts"
    events = {contract.of.__name__ for contract in CONTRACTS.values()}
    for part, schema in sorted(schemas().items()):
        if part not in events:
            yield from ("", f"## {part}", "")
            yield from _field_lines(schema)


def _field_lines(schema: Json) -> Iterator[str]:
    yield "| field | type | |"
    yield "|---|---|---|"
    required = schema.get("required", [])
    for name, field in schema.get("properties", {}).items():
        yield f"| `{name}` | {_type(field)} | {'required' if name in required else ''} |"


def _type(field: Json) -> str:
    """One field's type in words."""
    if "$ref" in field:
        return str(field["$ref"]).rsplit("/", 1)[-1]
    if "enum" in field:
        return " · ".join(f"`{value}`" for value in field["enum"] if value is not None)
    if "anyOf" in field or "allOf" in field:
        return " or ".join(_type(each) for each in field.get("anyOf") or field["allOf"])
    kinds = field.get("type", "any")
    kind = " or ".join(kinds) if isinstance(kinds, list) else str(kinds)
    if "items" in field:
        return f"list of {_type(field['items'])}"
    if isinstance(field.get("additionalProperties"), dict):
        return f"object of {_type(field['additionalProperties'])}"
    return kind.replace("string", field.get("format", "string"))


def _schema_name(schema: Schema | type[Schema]) -> str:
    cls = schema if isinstance(schema, type) else type(schema)
    return cls.__name__.removesuffix("Schema")


def _open(schema: Any) -> Any:
    """Without ``additionalProperties: false``, which marshmallow's ignoring of unknown fields is turned into."""
    if isinstance(schema, dict):
        return {
            key: _open(value) for key, value in schema.items() if not (key == "additionalProperties" and value is False)
        }
    return [_open(each) for each in schema] if isinstance(schema, list) else schema


def _document(contract: Contract) -> Json:
    """The CloudEvents attributes and the data of one event."""
    sources = [f"urn:kring:{publisher}" for publisher in contract.publishers]
    return {
        "type": "object",
        "required": ["specversion", "id", "source", "type", "subject", "time", "aggregateversion", "epoch", "data"],
        "properties": {
            "specversion": {"const": "1.0"},
            "id": {**_TEXT, "description": "unique, a UUID of version 7; also the AMQP message id"},
            "source": {"enum": sources},
            "type": {"const": f"nl.kring.{contract.name}"},
            "subject": {**_TEXT, "description": f"id of the {contract.aggregate}"},
            "time": {"type": "string", "format": "date-time"},
            "datacontenttype": {"const": "application/json"},
            "dataschema": {"const": f"urn:kring:{contract.name}:{contract.version}"},
            "correlationid": {**_TEXT, "description": "the same from the click to the mail"},
            "causationid": {**_TEXT, "description": "id of the event that led to this one"},
            "traceparent": {
                **_TEXT,
                "description": "the span that published it, where spans are made (W3C Trace Context)",
            },
            "aggregateversion": {**_WHOLE, "description": f"counts the events about one {contract.aggregate}"},
            "epoch": {**_WHOLE, "description": "raised when a backup was restored; order is (epoch, aggregateversion)"},
            "data": {"$ref": f"#/components/schemas/{contract.of.__name__}"},
        },
    }


def _message(contract: Contract) -> Json:
    return {
        "name": contract.name,
        "title": contract.of.__name__,
        "summary": (contract.of.__doc__ or "").strip(),
        "contentType": MEDIA_TYPE,
        "payload": _document(contract),
    }


def _operation(action: str, publisher: str, contract: Contract) -> Json:
    return {
        "action": action,
        "description": (contract.of.__doc__ or "").strip(),
        "channel": {"$ref": f"#/channels/{publisher}"},
        "messages": [{"$ref": f"#/channels/{publisher}/messages/{contract.name}"}],
    }


def _told_by(publisher: str) -> list[Contract]:
    return [contract for contract in CONTRACTS.values() if publisher in contract.publishers]
