"""What others' programs find in our documents: Spectral, and the schema of the AsyncAPI initiative."""

import json
import subprocess
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, ValidationError

from shared.events.schemas import asyncapi
from tests.api.conftest import PREFIXES, OpenApi
from tests.journeys.kring import Kring

ROOT = Path(__file__).parents[2]
SPECTRAL = ROOT / "node_modules/.bin/spectral"
RULES = Path(__file__).with_name("design-rules.yaml")
ASYNCAPI = ROOT / "node_modules/@asyncapi/specs/schemas/3.0.0.json"


def spectral(folder: Path, documents: Mapping[str, Any]) -> list[str]:
    """The rules that the documents break, with where."""
    for name, document in documents.items():
        (folder / f"{name}.json").write_text(json.dumps(document))
    files = [folder / f"{name}.json" for name in documents]
    done = subprocess.run(
        [SPECTRAL, "lint", "--quiet", "--fail-severity", "warn", "--format", "json", "--ruleset", RULES, *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stderr
    return [
        f"{found['code']} in {Path(found['source']).stem} at {'.'.join(map(str, found['path']))}"
        for found in json.loads(done.stdout.partition("\nNo results")[0] or "[]")
        if found["severity"] <= 1
    ]


@pytest.mark.long
def test_spectral_finds_nothing_in_any_document_and_something_in_a_broken_one(
    furnished: tuple[Kring, dict[str, str]], tmp_path: Path
) -> None:
    kring, ids = furnished
    documents = {service: OpenApi(kring, service, ids).document for service in PREFIXES}
    broken = deepcopy(documents["notifications"])
    broken["servers"] = [{"url": "https://kring.example/latest"}]
    broken["paths"]["/wrong_Path"] = {"post": {"responses": {"200": {"description": "OK"}}}}
    broken["components"]["schemas"]["ProblemDocument"]["properties"]["snake_case"] = {"type": "string"}

    found = spectral(tmp_path, {**documents, "events": kring.ask("GET", "/events.json").json, "broken": broken})

    assert [each for each in found if " in broken " not in each] == []
    rules = {each.partition(" ")[0] for each in found}
    assert {"adr-uri-version", "adr-path-segments-kebab-case", "adr-headers-documented", "adr-invalid-input"} <= rules
    assert "adr-property-camel-case" in rules


@pytest.mark.parametrize("service", PREFIXES)
def test_the_list_of_events_is_asyncapi_3(service: str) -> None:
    validator = Draft7Validator(json.loads(ASYNCAPI.read_text()))
    document = asyncapi(service)
    validator.validate(document)
    first = next(iter(document["operations"].values()))
    first["action"] = "shout"
    with pytest.raises(ValidationError):
        validator.validate(document)
