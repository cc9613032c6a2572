"""Every event ever published stays readable: one frozen sample of each version, never to be changed."""

import json
from pathlib import Path

import jsonschema
import pytest

import shared.events
from shared.events import CONTRACTS
from shared.events.envelope import unseal
from shared.events.schemas import asyncapi, page, schema_of_event

SAMPLES = sorted((Path(shared.events.__file__).parent / "samples").glob("*.json"))
ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_is_read_to_the_last_field(path: Path) -> None:
    envelope = unseal(path.read_bytes())
    contract = CONTRACTS[envelope.type]

    happened = contract.load(envelope.data)

    assert path.name == f"{envelope.type}.v{envelope.type_version}.json"
    assert _within(envelope.data, contract.dump(happened))
    jsonschema.validate(
        json.loads(path.read_text()),
        schema_of_event(envelope.type),
        format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
    )


def test_every_event_has_a_sample_of_every_version() -> None:
    wanted = {f"{name}.v{n}.json" for name, contract in CONTRACTS.items() for n in range(1, contract.version + 1)}
    assert wanted == {path.name for path in SAMPLES}


def test_the_schema_refuses_what_the_event_refuses() -> None:
    document = json.loads((SAMPLES[0].parent / "seats.changed.v1.json").read_text())
    del document["data"]["taken"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema_of_event("seats.changed"))


@pytest.mark.parametrize("service", ["catalog", "registration", "notifications"])
def test_every_reference_in_the_asyncapi_document_leads_somewhere(service: str) -> None:
    document = asyncapi(service)

    references = list(_references(document))

    assert f"send {'meeting.published' if service == 'catalog' else 'replay.requested'}" in document["operations"]
    for reference in references:
        target = document
        for step in reference.removeprefix("#/").split("/"):
            target = target[step]


def test_the_page_about_events_is_current() -> None:
    assert (ROOT / "docs" / "events.md").read_text() == page(), "run: python -m shared.events > docs/events.md"


def _within(said: object, known: object) -> bool:
    """Whether all that was said is known: what was read knows more (defaults), and never less."""
    if isinstance(said, dict) and isinstance(known, dict):
        return all(name in known and _within(value, known[name]) for name, value in said.items())
    if isinstance(said, list) and isinstance(known, list):
        return len(said) == len(known) and all(map(_within, said, known))
    return said == known


def _references(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [each for value in node.values() for each in _references(value)]
    return [each for value in node for each in _references(value)] if isinstance(node, list) else []
