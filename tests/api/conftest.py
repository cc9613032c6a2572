"""Kring with something of everything in it: a meeting, people signed up and waiting, mail, an invitation."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.grounds import Embedded
from tests.journeys.kring import MANAGER, Kring, found_kring

_NOTHING = "no-such-thing"
PREFIXES = {"catalog": "", "registration": "/registration", "notifications": "/notifications"}


@dataclass(frozen=True)
class Operation:
    """One operation of an API: its document, and where it is found."""

    method: str
    path: str
    document: dict[str, Any]
    variables: tuple[str, ...]

    @property
    def is_public(self) -> bool:
        """Whether it needs no key."""
        return bool(self.document.get("security", [{}])[0] == {})


@dataclass(frozen=True)
class OpenApi:
    """The API of one service, known from its description alone."""

    kring: Kring
    service: str
    ids: dict[str, str]

    @property
    def root(self) -> str:
        """Where it begins, without the host."""
        return f"{PREFIXES[self.service]}/v1"

    def ask(self, method: str, path: str, **sent: Any) -> TestResponse:
        """Call it at a path of its description, as anyone."""
        return self.kring.ask(method, self.root + path, sent.pop("headers", {}), **sent)

    def ask_as_manager(self, method: str, path: str, **sent: Any) -> TestResponse:
        """Call it with the manager's key."""
        return self.ask(method, path, headers=MANAGER | sent.pop("headers", {}), **sent)

    @property
    def document(self) -> dict[str, Any]:
        """Its description."""
        answer = self.ask("GET", "/openapi.json")
        assert isinstance(answer.json, dict)
        return answer.json

    @property
    def operations(self) -> list[Operation]:
        """All that it can be asked to do."""
        return [
            Operation(method.upper(), path, operation, tuple(each["name"] for each in operations.get("parameters", [])))
            for path, operations in self.document["paths"].items()
            for method, operation in operations.items()
            if method != "parameters"
        ]

    def filled(self, operation: Operation) -> str:
        """The path of an operation, about what is there; what would change something is about nothing that is."""
        return _filled(operation, self.ids if operation.method == "GET" else {})

    def about_what_is_there(self, operation: Operation) -> str | None:
        """The path of an operation about what is there, whatever it does; None where nothing of the kind is."""
        path = _filled(operation, self.ids)
        return None if _NOTHING in path else path


def _filled(operation: Operation, ids: Mapping[str, str]) -> str:
    path = operation.path
    for name in operation.variables:
        path = path.replace(f"{{{name}}}", ids.get(name, _NOTHING))
    return path


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory, migrated_files: Path) -> Iterator[tuple[Kring, dict[str, str]]]:
    """The installation, and the ids of what is in it by the names that they have in addresses."""
    folder = tmp_path_factory.mktemp("api")
    kring = found_kring(Embedded(folder, migrated_files), folder)
    meeting = kring.publish(seatPlan={"capacity": 1}, series="reeks", onlineUrl="https://video.example/room")
    for name in ("Anna", "Bram"):
        kring.sign_up(meeting, name)
    kring.settle()
    registered = kring.ask("GET", f"/registration/v1/meetings/{meeting['id']}/registrations").json
    assert isinstance(registered, list)
    yield kring, {"meetingId": meeting["id"], "registrationId": registered[0]["id"], "series": "reeks"}
    kring.close()


@pytest.fixture(params=PREFIXES)
def api(request: pytest.FixtureRequest, furnished: tuple[Kring, dict[str, str]]) -> OpenApi:
    """The API of each service, one after the other."""
    kring, ids = furnished
    return OpenApi(kring, request.param, ids)
