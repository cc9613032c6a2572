"""The NL API Design Rules 2.2, as far as a machine can tell, against the running services.

Each test names the rules it holds us to. `design-rules.yaml` asks the same of the documents through Spectral.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from requests.utils import parse_header_links
from werkzeug.test import TestResponse

from tests.api.conftest import OpenApi
from tests.journeys.kring import BASE_URL

FOREIGN = {"Origin": "https://elsewhere.example"}
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
WHOLE = {"/meetings/{meetingId}/attendees"}
"""A list that is given out as a whole: it is a file in other forms, and it is noted who took it."""
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def is_problem(answer: TestResponse) -> bool:
    """RFC 9457, with the members that the standard wants."""
    document = answer.json
    return (
        answer.mimetype == "application/problem+json"
        and isinstance(document, dict)
        and document["status"] == answer.status_code
        and bool(document["title"] and document["detail"])
    )


def test_the_description_is_published_where_clients_look(api: OpenApi) -> None:
    """/core/doc-openapi, /core/publish-openapi, /core/doc-openapi-contact, /core/semver, /core/uri-version."""
    answer = api.ask("GET", "/openapi.json", headers=FOREIGN)
    document = answer.json or {}
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert re.fullmatch(r"3\.1\.\d+", document["openapi"])
    assert re.fullmatch(r"\d+\.\d+\.\d+", document["info"]["version"])
    assert all(document["info"]["contact"][member] for member in ("name", "email", "url"))
    major = document["info"]["version"].split(".")[0]
    assert document["servers"] == [{"url": BASE_URL + api.root}]
    assert api.root.endswith(f"/v{major}")
    assert api.operations


def test_the_description_names_every_route_there_is(api: OpenApi) -> None:
    """/core/doc-openapi: nothing can be asked that stands nowhere."""
    service = next(each for each in api.kring.assembly.services if each.name == api.service)
    routes = {
        (method, re.sub(r"<(?:[^:>]+:)?([^>]+)>", "{}", rule.rule.removeprefix(api.root)))
        for rule in service.app.url_map.iter_rules()
        for method in (rule.methods or set()) & METHODS
        if rule.rule.startswith(f"{api.root}/")
    }
    known = {(each.method, re.sub(r"\{\w+\}", "{}", each.path)) for each in api.operations}
    assert routes - known == {("GET", "/openapi.json"), ("GET", "/docs")}
    assert known <= routes


def test_addresses_are_written_in_one_way(api: OpenApi) -> None:
    """/core/no-trailing-slash, /core/path-segments-kebab-case, /core/query-keys-camel-case, /core/http-methods."""
    for operation in api.operations:
        assert re.fullmatch(r"(/([a-z0-9]+(-[a-z0-9]+)*|\{[a-z][A-Za-z0-9]*\}))+", operation.path)
        assert operation.method in METHODS
        for parameter in operation.document["parameters"]:
            assert parameter["in"] != "query" or re.fullmatch(r"[a-z][A-Za-z0-9]*", parameter["name"])
        slashed = api.ask_as_manager(operation.method, api.filled(operation) + "/")
        makes = operation.method == "PUT" and operation.path.endswith("{code}")  # a code may end so: it is another one
        assert makes or slashed.status_code == 404, (operation.path, slashed.status_code)
        assert is_problem(slashed)


def test_a_method_that_is_not_there_is_refused_with_those_that_are(api: OpenApi) -> None:
    """/core/http-methods (RFC 9110, section 15.5.6)."""
    for operation in api.operations:
        known = {each.method for each in api.operations if each.path == operation.path}
        for method in METHODS - known:
            answer = api.ask_as_manager(method, api.filled(operation))
            assert answer.status_code == 405, (method, operation.path)
            assert known <= set(answer.headers["Allow"].split(", "))
            assert is_problem(answer)


def every_answer(api: OpenApi) -> Iterator[tuple[str, TestResponse]]:
    """What each operation answers to anyone and to a manager, with nothing sent; and what there is no operation for."""
    for operation in api.operations:
        called = f"{operation.method} {operation.path}"
        yield called, api.ask(operation.method, api.filled(operation))
        yield f"{called} with a key", api.ask_as_manager(operation.method, api.filled(operation))
    yield "wrong key", api.ask("GET", api.operations[0].path, headers={"Authorization": "Bearer unknown"})
    yield "nowhere", api.ask("GET", "/nowhere")
    yield "options", api.ask("OPTIONS", api.operations[0].path)


def test_every_answer_says_what_it_is(api: OpenApi) -> None:
    """/core/version-header, /core/transport/security-headers, /core/error-handling/problem-details, /core/date-time."""
    version = api.document["info"]["version"]
    for called, answer in every_answer(api):
        assert answer.headers["API-Version"] == version, called
        assert answer.headers["Cache-Control"] == "no-store", called
        assert answer.headers["X-Content-Type-Options"] == "nosniff", called
        assert answer.headers["X-Frame-Options"] == "DENY", called
        assert answer.headers["Referrer-Policy"] == "no-referrer", called
        policy = answer.headers["Content-Security-Policy"]
        assert {"frame-ancestors 'none'", "default-src 'none'"} <= set(policy.split("; ")), called
        assert answer.status_code < 500, called
        assert answer.status_code < 400 or is_problem(answer), called
        assert not (wrong := list(moments_without_zone(answer.json if answer.is_json else None))), (called, wrong)


def moments_without_zone(node: Any, name: str = "") -> Iterator[str]:
    """What is called a moment and is not one in UTC."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from moments_without_zone(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from moments_without_zone(value, name)
    elif isinstance(node, str) and re.search(r"[a-z]At$", name) and not MOMENT.fullmatch(node):
        yield f"{name}: {node}"


def test_all_that_is_wrong_is_told_at_once_with_400(api: OpenApi) -> None:
    """/core/error-handling/invalid-input, /core/error-handling/all-errors."""
    for operation in api.operations:
        path = api.about_what_is_there(operation)
        for query in (each["name"] for each in operation.document["parameters"] if each["in"] == "query"):
            assert "400" in operation.document["responses"], (operation.path, query)
        media_types = operation.document.get("requestBody", {}).get("content", {})
        if path and any(media_type.endswith("json") for media_type in media_types):
            answer = api.ask_as_manager(operation.method, path, json={"a": 1, "b": 2}, headers={"If-Match": "*"})
            assert answer.status_code in {400, 403}, (operation.method, path, answer.text)
            if answer.status_code == 400:
                assert {"a", "b"} <= {error["name"] for error in (answer.json or {})["errors"]}, operation.path
        if path and operation.method == "GET" and operation.document["parameters"]:
            answer = api.ask_as_manager("GET", path, query_string={"page": "x", "noSuchThing": "1"})
            assert answer.status_code == 400, (path, answer.text)
            assert "noSuchThing" in {error["name"] for error in (answer.json or {})["errors"]}


def test_scripts_of_other_sites_read_what_is_public_and_nothing_else(api: OpenApi) -> None:
    """/core/transport/cors: `*` on what anyone may GET, without credentials; no other method, no key, no secret."""
    for operation in api.operations:
        path, asks = api.filled(operation), {"Access-Control-Request-Method": operation.method}
        is_open = operation.is_public and operation.method == "GET" and "token" not in operation.path
        preflight = api.ask(
            "OPTIONS", path, headers={**FOREIGN, **asks, "Access-Control-Request-Headers": "authorization"}
        )
        answer = api.ask(operation.method, path, headers=FOREIGN)
        with_key = api.ask_as_manager(operation.method, path, headers=FOREIGN)
        allowed = "*" if is_open else None
        assert preflight.headers.get("Access-Control-Allow-Origin") == allowed, (operation.method, path)
        assert answer.headers.get("Access-Control-Allow-Origin") == allowed, (operation.method, path)
        assert "Access-Control-Allow-Origin" not in with_key.headers, (operation.method, path)
        assert "authorization" not in preflight.headers.get("Access-Control-Allow-Headers", "").lower()
        for each in (preflight, answer, with_key):
            assert "Access-Control-Allow-Credentials" not in each.headers


def test_lists_are_walked_by_links_under_our_own_address(api: OpenApi) -> None:
    """Paging as `Link` says (RFC 8288): absolute, with the filters that were asked; every list has pages."""
    for operation in api.operations:
        answers = operation.document["responses"].get("200", {}).get("content", {}).get("application/json", {})
        if operation.method == "GET" and answers.get("schema", {}).get("type") == "array":
            names = {parameter["name"] for parameter in operation.document["parameters"]}
            assert {"page", "limit"} <= names or operation.path in WHOLE, operation.path
    paged = [
        each for each in api.operations if any(parameter["name"] == "page" for parameter in each.document["parameters"])
    ]
    for operation in filter(api.about_what_is_there, paged):
        answer = api.ask_as_manager("GET", api.filled(operation), query_string={"limit": "1"})
        assert isinstance(answer.json, list), operation.path
        links = {link["rel"]: link["url"] for link in parse_header_links(answer.headers["Link"])}
        assert {"self", "first"} <= links.keys()
        assert links.keys() & {"next", "last"}
        assert all(link.startswith(f"{BASE_URL}{api.root}/") and "limit=1" in link for link in links.values())


def test_every_operation_has_examples_that_hold(api: OpenApi) -> None:
    """/core/doc-openapi: each request and answer has an example, and it fits the schema beside it."""
    document = api.document
    for operation in api.operations:
        assert operation.document["summary"], operation.path
        places = {"body": operation.document.get("requestBody", {}), **operation.document["responses"]}
        for place, described in places.items():
            name = described.get("$ref", "").rsplit("/", 1)[-1]
            whole = document["components"]["responses"][name] if name else described
            for media_type, content in whole.get("content", {}).items():
                found = [content[key] for key in ("example",) if key in content]
                found += [each["value"] for each in content.get("examples", {}).values()]
                where = (operation.method, operation.path, place)
                assert found or not media_type.endswith("json"), (*where, "has no example: see api/examples.py")
                checker = Draft202012Validator({**content["schema"], "components": document["components"]})
                assert [error.message for each in found for error in checker.iter_errors(each)] == [], where


@pytest.mark.parametrize("language", ["nl", "en"])
def test_people_read_it_in_two_languages_and_each_problem_has_its_page(api: OpenApi, language: str) -> None:
    """/core/doc-language; RFC 9457, section 3.1.1."""
    page = api.ask("GET", f"/docs?lang={language}").text
    assert "<script" not in page
    names = {name for each in api.operations for name in each.document["x-problem-types"]}
    for operation in api.operations:
        assert f"{operation.method} {operation.path}" in page
        examples = (answer.get("content", {}) for answer in operation.document["responses"].values())
        for content in (content for each in examples for content in each.values()):
            for name, example in content.get("examples", {}).items():
                assert example["value"]["type"] in {"about:blank", f"{BASE_URL}{api.root[:-3]}/problems/{name}"}
    listed = api.kring.ask("GET", f"{api.root[:-3]}/problems?lang={language}").text
    for name in names:
        explained = api.kring.ask("GET", f"{api.root[:-3]}/problems/{name}?lang={language}")
        assert explained.status_code == 200
        assert ("Wat helpt" if language == "nl" else "What helps") in explained.text
        assert f"/problems/{name}" in page
        assert f"/problems/{name}" in listed
    assert api.kring.ask("GET", f"{api.root[:-3]}/problems/no-such-thing").status_code == 404
    described = api.ask("GET", f"/openapi.json?lang={language}").json or {}
    assert ("Tijden" if language == "nl" else "Times") in described["info"]["description"]
