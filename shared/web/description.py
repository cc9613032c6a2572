"""The OpenAPI 3.1 document of an API: what the routes declare, and what is true of every one of them.

NL API Design Rules 2.x: the version stands in the address of the server, every answer names the API-Version, every
refusal is a problem document with the types that this operation may give.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Protocol, cast

from apispec.ext.marshmallow.common import resolve_schema_cls
from flask import Flask
from marshmallow import INCLUDE, Schema, fields

from shared.events.contract import camel
from shared.i18n import N_, current_translator, gettext
from shared.people.roles import is_public
from shared.web.access import verb_of
from shared.web.problem_types import COMMON, ProblemType, problem_types_of, type_address
from shared.web.problems import PROBLEM_MEDIA_TYPE, default_detail, default_title

Json = dict[str, Any]
Examples = Mapping[str, Any]
"""A document, ready as JSON, for each schema by its name."""

ABOUT = N_(
    "Times are accepted with any offset and answered in UTC. Answers speak Dutch, or English with lang=en or"
    " Accept-Language. What is not right is answered with a problem document (RFC 9457) that names all fields at once."
    " Lists come in pages: Link holds the addresses of the next and the previous one. Who has a key sends"
    " Authorization: Bearer with it."
)

REQUEST_HEADERS: Mapping[str, Json] = {
    "If-Match": {
        "name": "If-Match",
        "in": "header",
        "description": N_("The ETag of the version that is changed, or *. Without it 428, with an older one 412."),
        "schema": {"type": "string", "default": "*"},
    },
    "Idempotency-Key": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": N_("A name of your own for this request: sent twice, it happens once and is answered alike."),
        "schema": {"type": "string", "maxLength": 200},
    },
}

_HEADERS: Mapping[str, str] = {
    "API-Version": N_("The whole version of this API."),
    "ETag": N_("Names this version of what is answered."),
    "Link": N_("The addresses of other pages of the list (RFC 8288)."),
    "Location": N_("Where it stands."),
    "Retry-After": N_("In how many seconds to try again."),
    "WWW-Authenticate": N_("How to show who you are."),
}
_MORE_HEADERS = {401: ("WWW-Authenticate",), 429: ("Retry-After",), 503: ("Retry-After",)}
_SAID = {"summary", "description"}
_AS_IT_IS = {"example", "value"}
_VARIABLE = re.compile(r"\{(\w+)\}")


class ProblemError(Schema):
    """One field that is not right."""

    name = fields.String(required=True, metadata={"description": N_("The field, dotted: seatPlan.capacity")})
    reason = fields.String(required=True, metadata={"description": N_("Why, in the language of the request")})
    code = fields.String(metadata={"description": N_("The same for programs")})


class ProblemDocument(Schema):
    """A problem document (RFC 9457); a type may have members of its own (section 3.2)."""

    class Meta:
        """More may be said."""

        unknown = INCLUDE

    type = fields.String(
        required=True, metadata={"format": "uri-reference", "description": N_("Leads to a page that explains it")}
    )
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    correlationId = fields.String(metadata={"description": N_("Name it when you ask for help")})  # noqa: N815  # as in JSON
    errors = fields.List(fields.Nested(ProblemError), metadata={"description": N_("All fields that are not right")})


class Described(Protocol):
    """What ``describe`` needs of flask-smorest's ``Api``."""

    flask_plugin: Any

    def described(self) -> Any:
        """What the routes declare, as an ``APISpec``."""


def schema_name(schema: Any) -> str:
    """What a schema is called in the document: ``VenueForm``, of a patch ``VenuePatch``; never with underscores."""
    name = cast("type[Schema]", resolve_schema_cls(schema)).__name__.lstrip("_").removesuffix("Schema")
    is_patch = isinstance(schema, Schema) and schema.partial is True
    return name.removesuffix("Form").removesuffix("Patch") + "Patch" if is_patch else name


def describe(app: Flask, api: Described, examples: Examples) -> Json:
    """The document, in the language of the request."""
    spec: Json = deepcopy(api.described().to_dict())
    components = spec["components"]
    problems = _Problems(problem_types_of(app))
    paths = {_camel_variables(path): operations for path, operations in _described(app, api, spec["paths"], problems)}
    components |= {
        "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        "headers": {name: {"description": words, "schema": {"type": "string"}} for name, words in _HEADERS.items()},
        "responses": problems.components(),
    }
    reachable = _reachable(components, paths)
    for kind in ("schemas", "headers"):
        components[kind] = {name: each for name, each in components[kind].items() if (kind, name) in reachable}
    spec["paths"] = _with_examples(paths, examples)
    in_words: Json = _in_words(spec, current_translator().gettext)
    return in_words


def plain(text: str) -> str:
    """A docstring as a sentence: on one line, without marks."""
    return " ".join(text.replace("``", "").split())


def _described(app: Flask, api: Described, paths: Json, problems: "_Problems") -> Iterator[tuple[str, Json]]:
    """The paths within the API, and their operations, complete."""
    root = f"{app.config['KRING_PREFIX']}/v1"
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        path = api.flask_plugin.flaskpath2openapi(rule.rule)
        operations = paths.get(path, {})
        for parameter in operations.get("parameters", []):
            parameter["name"] = camel(parameter["name"])
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            if method in (rule.methods or ()) and method.lower() in operations:
                operation = operations[method.lower()]
                operation["operationId"] = f"{rule.endpoint.replace('.', '-')}-{method.lower()}"
                _complete(operation, method, str(verb_of(app, rule, method)), operations, problems)
        if operations:
            yield path.removeprefix(root), operations


def _complete(operation: Json, method: str, name: str, beside: Json, problems: "_Problems") -> None:
    """Say what is true of every operation of this kind, at an address with the operations ``beside``."""
    parameters = [_asked_for(each) for each in operation.get("parameters", []) if each["name"] != "lang"]
    headers = operation.pop("x-headers", [])
    operation["parameters"] = parameters + [REQUEST_HEADERS[header] for header in headers]
    if not is_public(name):
        operation["security"] = [{"key": []}]
    elif method == "GET":
        operation["security"] = [{}, {"key": []}]
    is_versioned = "If-Match" in headers or "If-Match" in beside.get("patch", {}).get("x-headers", ())
    answers = {status: answer for status, answer in operation["responses"].items() if status[0] in "23"}
    media_types = operation.pop("x-media-types", ())
    for answer in answers.values():
        answer.setdefault("content", {}).update({each: {"schema": {"type": "string"}} for each in media_types})
        found = ["API-Version", *answer.get("headers", ())]
        found += ["ETag"] if is_versioned else []
        found += ["Link"] if any(each["name"] == "page" for each in parameters) else []
        answer["headers"] = {each: {"$ref": f"#/components/headers/{each}"} for each in found}
    declared = [problems.known[each] for each in operation.get("x-problem-types", ())]
    own = [each for each in declared if each not in COMMON]
    refused = {each.status for each in declared} | set(_always_refused(operation, method, name, headers, beside))
    types = [*(each for each in COMMON if each.status in refused), *own]
    for status in sorted(refused):
        answers[str(status)] = problems.answer(status, [each for each in own if each.status == status])
    operation["responses"] = answers
    operation["x-problem-types"] = [each.name for each in types]


def _asked_for(parameter: Json) -> Json:
    """A parameter of the query; what stands for one that is left out is none of the choices."""
    schema = parameter["schema"]
    if "enum" in schema and not schema.get("default"):
        schema.pop("default", None)
    return parameter


def _always_refused(operation: Json, method: str, name: str, headers: Sequence[str], beside: Json) -> Iterator[int]:
    """The states of HTTP that any such operation may answer."""
    yield from (401, 500, 503)
    if not is_public(name):
        yield 403
    if "parameters" in beside:
        yield 404
    if "requestBody" in operation:
        yield from (413, 415)
    if method != "GET" or operation["parameters"]:
        yield 400
    if "If-Match" in headers:
        yield from (412, 428)


@dataclass(frozen=True)
class _Problems:
    """How refusals are described; ``known`` are the types of the service by name.

    ``shared`` are the states of HTTP whose description operations have in common.
    """

    known: Mapping[str, ProblemType]
    shared: set[int] = field(default_factory=set)

    def answer(self, status: int, types: Sequence[ProblemType]) -> Json:
        """One refusal of an operation, with an example of each type that it may have."""
        if types:
            return self._described(status, types)
        self.shared.add(status)
        return {"$ref": f"#/components/responses/{_named(status)}"}

    def components(self) -> Json:
        """The refusals that say nothing of one operation alone, by name."""
        common = {type_.status: type_ for type_ in COMMON}
        return {
            _named(status): self._described(status, [common[status]] if status in common else [])
            for status in sorted(self.shared)
        }

    def _described(self, status: int, types: Sequence[ProblemType]) -> Json:
        examples = {type_.name: {"summary": type_.why, "value": _document(status, type_)} for type_ in types}
        headers = ["API-Version", *_MORE_HEADERS.get(status, ())]
        return {
            "description": default_title(status),
            "headers": {each: {"$ref": f"#/components/headers/{each}"} for each in headers},
            "content": {
                PROBLEM_MEDIA_TYPE: {
                    "schema": {"$ref": "#/components/schemas/ProblemDocument"},
                    "examples": examples or {"any": {"value": _document(status, None)}},
                }
            },
        }


def _document(status: int, type_: ProblemType | None) -> Json:
    """A problem document as it may be answered."""
    document = {
        "type": type_address(type_.name) if type_ else "about:blank",
        "title": default_title(status),
        "status": status,
        "detail": gettext(type_.why) if type_ else default_detail(status),
        "correlationId": "5f1c8f0e9a7b4d21",
    }
    if status == HTTPStatus.BAD_REQUEST:
        reason = current_translator().reword("Missing data for required field.")
        document["errors"] = [{"name": "title", "reason": reason, "code": "required"}]
    return document


def _named(status: int) -> str:
    """``NotFound`` for 404."""
    return HTTPStatus(status).phrase.title().replace(" ", "")


def _camel_variables(path: str) -> str:
    return _VARIABLE.sub(lambda found: "{" + camel(found[1]) + "}", path)


def _reachable(components: Json, nodes: Any) -> set[tuple[str, str]]:
    """The kind and name of each component that ``nodes`` refer to, directly or by way of others."""
    found: set[tuple[str, str]] = set()
    waiting = [nodes]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            kind, _slash, name = str(node.get("$ref", "")).removeprefix("#/components/").partition("/")
            if name and (kind, name) not in found:
                found.add((kind, name))
                waiting.append(components[kind][name])
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
    return found


def _with_examples(paths: Json, examples: Examples) -> Json:
    """The paths, with the example of its schema wherever a document comes in or goes out, and of each variable."""
    for operations in paths.values():
        for parameter in operations.get("parameters", []):
            if parameter["name"] in examples:
                parameter["example"] = examples[parameter["name"]]
        for operation in (each for method, each in operations.items() if method != "parameters"):
            places = [operation.get("requestBody", {}), *operation["responses"].values()]
            for content in (media for place in places for media in place.get("content", {}).values()):
                _put_example(content, examples)
    return paths


def _put_example(content: Json, examples: Examples) -> None:
    schema = content["schema"]
    is_list = schema.get("type") == "array"
    name = str((schema["items"] if is_list else schema).get("$ref", "")).rsplit("/", 1)[-1]
    if name in examples and not content.keys() & {"example", "examples"}:
        content["example"] = [examples[name]] if is_list else examples[name]


def _in_words(node: Any, words: Callable[[str], str]) -> Any:
    """``node`` with what is said in it for people in the language of ``words``; examples stay as they are."""
    if isinstance(node, list):
        return [_in_words(each, words) for each in node]
    if not isinstance(node, dict):
        return node
    said: Json = {}
    for key, value in node.items():
        if key in _SAID and isinstance(value, str):
            said[key] = words(plain(value))
        else:
            said[key] = value if key in _AS_IT_IS else _in_words(value, words)
    return said
