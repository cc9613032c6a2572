"""Kring with most kinds of things in it: a meeting with a file, people with a seat and waiting, knowledge, mail."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.grounds import Embedded
from tests.journeys.kring import MANAGER, Kring, found_kring

_NOTHING = {"integer": "404404"}
"""What stands for a thing that is not there where its address takes only this; elsewhere it is ``no-such-thing``."""
_PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
PREFIXES = {"catalog": "", "registration": "/registration", "notifications": "/notifications"}


@dataclass(frozen=True)
class Operation:
    """One operation of an API: its document, and where it is found.

    ``variables`` are those of its path, each with what names nothing that is there.
    """

    method: str
    path: str
    document: dict[str, Any]
    variables: Mapping[str, str]

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
            Operation(method.upper(), path, operation, _variables(operations.get("parameters", [])))
            for path, operations in self.document["paths"].items()
            for method, operation in operations.items()
            if method != "parameters"
        ]

    def filled(self, operation: Operation) -> str:
        """The path of an operation, about what is there; what would change something is about nothing that is."""
        return _filled(operation, self.ids if operation.method == "GET" else {})

    def about_what_is_there(self, operation: Operation) -> str | None:
        """The path of an operation about what is there, whatever it does; None where nothing of the kind is."""
        return _filled(operation, self.ids) if operation.variables.keys() <= self.ids.keys() else None


def _variables(parameters: list[dict[str, Any]]) -> dict[str, str]:
    return {each["name"]: _NOTHING.get(each["schema"]["type"], "no-such-thing") for each in parameters}


def _filled(operation: Operation, ids: Mapping[str, str]) -> str:
    path = operation.path
    for name, nothing in operation.variables.items():
        path = path.replace(f"{{{name}}}", ids.get(name, nothing))
    return path


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory, migrated_files: Path) -> Iterator[tuple[Kring, dict[str, str]]]:
    """The installation, and the ids of what is in it by the names that they have in addresses.

    Each file of tests has its own: one asks everything, also to take away what is there.
    """
    folder = tmp_path_factory.mktemp("api")
    kring = found_kring(Embedded(folder, migrated_files), folder)
    meeting = kring.publish(seatPlan={"capacity": 1}, series="reeks", onlineUrl="https://video.example/room")
    place = f"meetings/{meeting['id']}"
    for name in ("Anna", "Bram"):
        kring.sign_up(meeting, name)
    kring.settle()
    with_seat = kring.ask("GET", f"/registration/v1/{place}/attendees").json
    assert isinstance(with_seat, list)
    registration_id = with_seat[0]["id"]
    colleague = {"name": "Chris", "email": "chris@gemeente.example"}
    guests = {"ground": "Zij vroegen erom", "addresses": [{"email": "gast@gemeente.example", "targetGroup": "inkoper"}]}
    made = {
        "itemId": _made(kring, "/v1/knowledge", json={"kind": "guide", "title": {"nl": "Wegwijzer"}}),
        "expertId": _made(kring, "/v1/experts", json={"name": "Professor Voorbeeld", "consentedOn": "2027-01-01"}),
        "fileId": _made(kring, f"/v1/{place}/files", data={"file": (BytesIO(_PDF), "dia.pdf")}),
        "transferId": _made(kring, f"/registration/v1/registrations/{registration_id}/transfers", json=colleague),
    }
    _made(kring, f"/notifications/v1/{place}/campaigns", json={"targetGroups": ["inkoper"], **guests})
    kring.settle()
    unsubscribe = next(filter(None, (mail.message["List-Unsubscribe"] for mail in kring.all_mail())))
    yield (
        kring,
        {
            **made,
            "meetingId": meeting["id"],
            "registrationId": registration_id,
            "series": "reeks",
            "code": meeting["region"],
            "token": unsubscribe.strip("<>").rpartition("/")[2],
        },
    )
    kring.close()


def _made(kring: Kring, path: str, **sent: Any) -> str:
    """The id of what was made there."""
    answer = kring.ask("POST", path, **sent)
    assert answer.status_code in {201, 202}, answer.text
    return str((answer.json or {})["id"])


@pytest.fixture(params=PREFIXES)
def api(request: pytest.FixtureRequest, furnished: tuple[Kring, dict[str, str]]) -> OpenApi:
    """The API of each service, one after the other."""
    kring, ids = furnished
    return OpenApi(kring, request.param, ids)
