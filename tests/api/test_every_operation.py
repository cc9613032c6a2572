"""Schemathesis asks every operation of the three APIs whatever its description allows, and what it does not.

Whoever asks: no answer may be a fault of the server, and each must be as the description says: status, media type,
headers, document, and which problem. The seed is fixed, so a run can be had again.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.conftest import PREFIXES
from tests.journeys.kring import MANAGER, Kring

HOW_OFTEN = 10
HOW_OFTEN_BEHIND_A_CLOSED_DOOR = 2
CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ALL_ALIKE = settings(derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
LAST = ("cancellation", "discarding")
"""What ends a meeting or a registration is asked when everything else was."""

NOT_A_MANAGERS = re.compile(r"/(me|issuers)(/|$)")
"""Where each person comes for their own data, and identity providers."""


def operations(kring: Kring, service: str) -> list[Any]:
    schema = schemathesis.openapi.from_wsgi(f"{PREFIXES[service]}/v1/openapi.json", kring.assembly)
    found: list[Any] = [each.ok() for each in schema.get_all_operations()]  # type: ignore[union-attr]  # it is Ok
    return sorted(found, key=lambda each: any(word in each.path for word in LAST) or each.method == "delete")


class Asker:
    """Asks one operation as somebody, and remembers what was answered."""

    def __init__(self, operation: Any, ids: Mapping[str, str], headers: Mapping[str, str]) -> None:
        self.operation = operation
        self.document = operation.definition.raw
        self.headers = dict(headers)
        variables = {each.name for each in operation.path_parameters}
        self.here = {name: ids[name] for name in variables if name in ids}
        self.is_there = self.here.keys() == variables
        self.statuses: set[int] = set()

    def its_example(self) -> None:
        """What the description shows is taken, if it is about something that is there."""
        for media_type, content in self.document.get("requestBody", {}).get("content", {}).items():
            if self.is_there and "example" in content:
                known = {"path_parameters": self.here, "headers": {"If-Match": "*"}}
                self.checked(self.operation.Case(**known, body=content["example"], media_type=media_type))

    def anything(self) -> None:
        """About what is there and about what is not, rightly and wrongly."""
        known = {"path_parameters": self.here, "headers": {"If-Match": "*"}} if self.is_there else {}
        cases = st.one_of(
            self.operation.as_strategy(generation_mode=GenerationMode.POSITIVE, **known),
            self.operation.as_strategy(generation_mode=GenerationMode.NEGATIVE, **known),
            self.operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        )
        is_closed = not self.headers and self.document.get("security") == [{"key": []}]

        @given(case=cases)
        @settings(ALL_ALIKE, max_examples=HOW_OFTEN_BEHIND_A_CLOSED_DOOR if is_closed else HOW_OFTEN)
        def each(case: Any) -> None:
            self.checked(case)

        each()

    def checked(self, case: Any) -> None:
        """Ask, and raise where the answer is not allowed."""
        answer = case.call(headers=self.headers)
        case.validate_response(answer, checks=CHECKS)
        self.statuses.add(answer.status_code)
        if answer.status_code >= 400:
            name = answer.json()["type"].rpartition("/")[2]
            assert name == "about:blank" or name in self.document["x-problem-types"], f"never said {name}"


def faults(askers: list[Asker]) -> Iterator[str]:
    for asker in askers:
        try:
            asker.its_example()
            asker.anything()
        except (FailureGroup, AssertionError) as fault:
            yield f"{asker.operation.label}: {fault}"


@pytest.mark.long
@pytest.mark.parametrize("headers", [{}, MANAGER], ids=["anyone", "manager"])
@pytest.mark.parametrize("service", PREFIXES)
def test_every_operation_answers_as_it_is_described(
    furnished: tuple[Kring, dict[str, str]], service: str, headers: Mapping[str, str]
) -> None:
    kring, ids = furnished
    askers = [Asker(operation, ids, headers) for operation in operations(kring, service)]

    assert list(faults(askers)) == []

    assert all(asker.statuses for asker in askers)
    if headers:
        own = [asker for asker in askers if not NOT_A_MANAGERS.match(asker.operation.path)]
        succeeded = [asker for asker in own if min(asker.statuses) < 300]
        assert len(succeeded) * 2 > len(own), "most was refused: this looked at less than it seems"
