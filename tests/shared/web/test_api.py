"""What every API answers: all faults at once, in order, in the reader's language; lists; versions of things."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from requests.utils import parse_header_links

from shared.web.reading import merge_patch
from tests.shared.web.demo import Demo

THINGS = "/registration/v1/things"


def problem(answer: Any) -> dict[str, Any]:
    assert answer.mimetype == "application/problem+json"
    document: dict[str, Any] = answer.json
    assert document["status"] == answer.status_code
    return document


def test_all_faults_are_told_at_once_in_the_language_of_the_request(demo: Demo) -> None:
    sent = {"seatPlan": {"capacity": "many"}, "kind": "c", "extra": 1}
    english = {**demo.key("manager"), "Accept-Language": "en"}
    dutch = problem(demo.client().post(THINGS, json=sent, headers=demo.key("manager")))
    assert dutch["status"] == 400
    assert dutch["type"].endswith("invalid-input")
    assert {error["name"]: error["reason"] for error in dutch["errors"]} == {
        "name": "Vul dit in.",
        "seatPlan.capacity": "Dit is geen heel getal.",
        "kind": "Kies een van deze: a, b.",
        "extra": "Dit veld kennen we niet.",
    }
    answer = demo.client().post(THINGS, json=sent, headers=english)
    assert {error["reason"] for error in problem(answer)["errors"]} >= {"Fill this in.", "Choose one of these: a, b."}
    assert answer.headers["Content-Language"] == "en"


@pytest.mark.parametrize("body", ["{", "", "\xff", "[" * 100_000, '{"name": NaN}', '"text"', "[]", "null"])
def test_what_is_no_json_object_is_a_clear_400(demo: Demo, body: str) -> None:
    headers = {**demo.key("manager"), "Content-Type": "application/json"}
    answer = demo.client().post(THINGS, data=body.encode("latin-1"), headers=headers)
    assert problem(answer)["status"] == 400
    assert problem(answer)["errors"]


def test_refusals_come_in_order(demo: Demo) -> None:
    """Each step repairs the first thing that is wrong; the last request is right."""
    key = demo.key("manager")
    text = {"Content-Type": "text/plain"}
    patch = {"Content-Type": "application/merge-patch+json"}
    large, wrong, right = "x" * 1_100_000, '{"name": 5}', '{"name": "two"}'
    steps: list[tuple[str, dict[str, str], str, int]] = [
        (f"{THINGS}/nowhere", text, large, 401),
        (f"{THINGS}/nowhere", text | key, large, 404),
        (f"{THINGS}/one", text | key, large, 428),
        (f"{THINGS}/one", text | key | {"If-Match": '"2"'}, large, 412),
        (f"{THINGS}/one", text | key | {"If-Match": '"3"'}, large, 415),
        (f"{THINGS}/one", patch | key | {"If-Match": '"3"'}, large, 413),
        (f"{THINGS}/one", patch | key | {"If-Match": '"3"'}, wrong, 400),
        (f"{THINGS}/one", patch | key | {"If-Match": '"3"'}, right, 200),
    ]
    statuses = [demo.client().patch(path, headers=headers, data=body).status_code for path, headers, body, _ in steps]
    assert statuses == [status for *_, status in steps]


@pytest.mark.parametrize("tag", ['"3"', 'W/"3"', "*", '"1", "3"'])
def test_a_version_may_be_named_in_every_way_http_knows(demo: Demo, tag: str) -> None:
    headers = {**demo.key("manager"), "If-Match": tag}
    answer = demo.client().patch(f"{THINGS}/one", headers=headers, json={"seatPlan": {"capacity": 7}})
    assert answer.json == {"name": "one", "seatPlan": {"capacity": 7}, "kind": "b"}
    assert answer.headers["ETag"] == '"4"'


def test_what_did_not_change_is_not_sent_again(demo: Demo) -> None:
    first = demo.client().get(f"{THINGS}/one")
    again = demo.client().get(f"{THINGS}/one", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")


def test_a_list_is_walked_by_its_links(demo: Demo) -> None:
    client, address, names = demo.client(), f"{THINGS}?limit=3&lang=en", []
    while address:
        answer = client.get(address)
        names += [thing["name"] for thing in answer.json or ()]
        links = {link["rel"]: link["url"] for link in parse_header_links(answer.headers["Link"])}
        assert all(link.startswith("https://kring.test/registration/v1/things?") for link in links.values())
        address = links.get("next", "")
    assert names == [f"thing {number}" for number in range(1, 8)]


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "page=0", "page=x", "colour=red"])
def test_a_wrong_or_unknown_question_is_refused(demo: Demo, query: str) -> None:
    answer = demo.client().get(f"{THINGS}?{query}")
    assert [error["name"] for error in problem(answer)["errors"]] == [query.split("=", maxsplit=1)[0]]


def test_errors_of_the_frame_are_problem_documents_too(demo: Demo) -> None:
    missing, forbidden = demo.client().get("/registration/v1/nowhere"), demo.client().delete(THINGS)
    assert problem(missing)["status"] == 404
    assert problem(forbidden)["status"] == 405
    assert "POST" in forbidden.headers["Allow"]
    for answer in (missing, forbidden, demo.client().get(THINGS)):
        assert answer.headers["API-Version"] == "1.0.0"


def test_the_description_is_open_and_says_what_is_true(demo: Demo) -> None:
    answer = demo.client().get("/registration/v1/openapi.json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    spec = json.loads(answer.data)
    assert spec["openapi"].startswith("3.1")
    assert set(spec["info"]["contact"]) == {"name", "email", "url"}
    assert spec["servers"] == [{"url": "https://kring.test/registration/v1"}]
    things, one = spec["paths"]["/things"], spec["paths"]["/things/{thingId}"]
    assert things["get"]["security"] == [{}, {"key": []}]
    assert things["post"]["security"] == [{"key": []}]
    assert "application/merge-patch+json" in one["patch"]["requestBody"]["content"]
    assert {parameter["name"] for parameter in things["get"]["parameters"]} == {"page", "limit"}
    for schema in spec["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    for response in spec["components"]["responses"].values():
        assert list(response["content"]) == ["application/problem+json"]


def test_the_documentation_reads_without_scripts_or_other_sites(demo: Demo) -> None:
    page = demo.client().get("/registration/v1/docs?lang=en").text
    assert "PATCH /things/{thingId}" in page
    assert "Change a thing." in page
    assert "<script" not in page
    assert "//" not in page.replace("http://", "").replace("https://kring", "")


@pytest.mark.parametrize(
    ("target", "patch", "merged"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "foo"}, None, None),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_a_merge_patch_does_what_the_appendix_of_its_rfc_shows(target: Any, patch: Any, merged: Any) -> None:
    assert merge_patch(target, patch) == merged
