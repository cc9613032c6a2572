"""What every API under ``/v1`` has in common: OpenAPI 3.1, paging, versions of things.

Refusals come in the order 401/403, 404, 428/412, 415, 413, 400. So a view that changes something looks it up, then
calls ``require_match``, then ``reading.read_body``; ``@blueprint.accepts(Schema)`` documents what it reads.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlencode

import flask_smorest
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask, current_app, request
from marshmallow import Schema, fields, validate
from webargs.flaskparser import FlaskParser
from werkzeug.datastructures import MultiDict

from shared.web.access import View
from shared.web.description import ABOUT, Examples, ProblemDocument, describe, schema_name
from shared.web.documentation import add_documentation
from shared.web.json_body import MERGE_PATCH, read_json
from shared.web.problem_types import ProblemType, keep_problem_types
from shared.web.problems import Problem

if TYPE_CHECKING:
    from apispec import APISpec

    from shared.settings import Common

API_VERSION = "1.0.0"

Row = TypeVar("Row")


class PageQuery(Schema):
    """Which part of a list; lists' own query schemas inherit it."""

    page = fields.Integer(load_default=1, validate=validate.Range(min=1, max=1_000_000))
    limit = fields.Integer(load_default=100, validate=validate.Range(min=1, max=1000))


@dataclass(frozen=True)
class Page:
    """A part of a list: the ``number``-th (from 1) of ``size`` entries each."""

    number: int
    size: int

    @property
    def offset(self) -> int:
        """How many entries come before it."""
        return (self.number - 1) * self.size


class Parser(FlaskParser):
    """webargs as our API wants it: 400 for what is not right, also for unknown query parameters."""

    DEFAULT_VALIDATION_STATUS = 400
    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": "raise", "json": None}  # noqa: RUF012  # webargs declares it so

    def load_querystring(self, req: Any, schema: Any) -> Any:
        """The query; ``lang`` is not a question but the language of the answer."""
        query = MultiDict(req.args)
        if "lang" not in schema.fields:
            query.poplist("lang")
        return self._makeproxy(query, schema)

    def load_json(self, req: Any, schema: Any) -> Any:
        """The body; refused in the common way if it is no JSON."""
        del req, schema
        return read_json()


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]  # flask-smorest ships no types
    """A blueprint of flask-smorest; ``accepts`` documents a body that the view reads itself with ``read_body``."""

    ARGUMENTS_PARSER = Parser()

    def __init__(self, *names: Any, **options: Any) -> None:
        self._to_describe: list[Callable[[], None]] = []
        super().__init__(*names, **options)

    def describe(self) -> None:
        """Gather what the decorators say of the views, once."""
        for describe_view in self._to_describe:
            describe_view()
        self._to_describe.clear()

    def _store_endpoint_docs(self, *view: Any, **options: Any) -> None:
        self._to_describe.append(partial(super()._store_endpoint_docs, *view, **options))

    def route(self, rule: str, **options: Any) -> Callable[[View], View]:
        """As Flask's, and documented."""
        return cast("Callable[[View], View]", super().route(rule, **options))

    def arguments(self, schema: Any, **options: Any) -> Callable[[View], View]:
        """Read the query (``location="query"``) or the body through ``schema`` before the view."""
        return cast("Callable[[View], View]", super().arguments(schema, **options))

    def response(self, status_code: int, schema: Any = None, **options: Any) -> Callable[[View], View]:
        """Answer with ``status_code`` and what the view gives, through ``schema``."""
        if isinstance(schema, type):
            schema = _made(schema)
        return cast("Callable[[View], View]", super().response(status_code, schema, **options))

    @staticmethod
    def accepts(
        schema: Any, *, content_type: str = "application/json", required: bool = True
    ) -> Callable[[View], View]:
        """Document that a view reads a body of ``schema``, which may be left away unless it is ``required``.

        Of a merge patch nothing is required.
        """
        if content_type == MERGE_PATCH:
            schema = schema()
            schema.partial = True
        return _noting_parameter({"in": "json", "required": required, "schema": schema, "content_type": content_type})

    @staticmethod
    def asks(schema: Any) -> Callable[[View], View]:
        """Document that a view reads the query by ``schema``, with ``read_query``."""
        return _noting_parameter({"in": "query", "schema": schema})

    @staticmethod
    def honours(*headers: str) -> Callable[[View], View]:
        """Document that a view reads these headers: names in ``description.REQUEST_HEADERS``."""
        return _noting("x-headers", headers)

    @staticmethod
    def gives(*media_types: str) -> Callable[[View], View]:
        """Document that a view answers these media types too."""
        return _noting("x-media-types", media_types)

    @staticmethod
    def refuses(*problem_types: str) -> Callable[[View], View]:
        """Document which types of problems a view may answer, beside what any such view may."""
        return _noting("x-problem-types", problem_types)


class Api(flask_smorest.Api):  # type: ignore[misc]  # flask-smorest ships no types
    """flask-smorest's ``Api`` with our errors; described when somebody asks for that, which few processes ever hear."""

    ERROR_SCHEMA = ProblemDocument

    def __init__(self, app: Flask, **options: Any) -> None:
        self._not_described: list[Blueprint] = []
        self._describing = Lock()
        super().__init__(app, **options)

    def register_blueprint(self, blueprint: Blueprint) -> None:
        """Let the application answer the routes of ``blueprint``."""
        self._app.register_blueprint(blueprint)
        self._not_described.append(blueprint)

    def described(self) -> "APISpec":
        """All its operations, as their decorators say: more than half of the time building a service takes."""
        with self._describing:
            if self._not_described:
                super()._register_responses()
            for blueprint in self._not_described:
                name = blueprint.name
                blueprint.describe()
                blueprint.register_views_in_doc(self, self._app, self.spec, name=name, parameters=None)
                self.spec.tag({"name": name, "description": blueprint.description})
            self._not_described.clear()
        return cast("APISpec", self.spec)

    def _register_responses(self) -> None:
        """Nothing yet: they are part of the description."""

    def _register_error_handlers(self) -> None:
        """Nothing: ``shared.web.problems`` answers all errors."""


def make_api(
    app: Flask, *, title: str, prefix: str, problems: Sequence[ProblemType] = (), examples: Examples | None = None
) -> Api:
    """The API of ``app`` under ``{prefix}/v1``, with ``openapi.json``, readable ``docs`` and a page per problem.

    ``problems`` are the types that this service adds to the common ones; ``examples`` are documents by the name of
    their schema. Register its blueprints with ``api.register_blueprint``.
    """
    settings: Common = app.config["KRING_SETTINGS"]
    app.config.update(API_TITLE=title, API_VERSION=API_VERSION, OPENAPI_VERSION="3.1.0")
    api = Api(
        app,
        spec_kwargs={
            "info": {
                "description": ABOUT,
                "contact": {
                    "name": settings.contact_name,
                    "email": settings.contact_email,
                    "url": settings.base_url,
                },
                "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
            },
            "servers": [{"url": f"{settings.base_url}{prefix}/v1"}],
            "marshmallow_plugin": MarshmallowPlugin(schema_name_resolver=schema_name),
        },
    )
    keep_problem_types(app, problems)
    add_documentation(app, partial(describe, app, api, examples or {}), prefix)
    return api


@cache
def _made(schema: type[Schema]) -> Schema:
    """The one instance that answers go through, whoever is built again: making one copies all its fields."""
    return schema()


def _noting_parameter(parameter: Mapping[str, Any]) -> Callable[[View], View]:
    def document(view: View) -> View:
        known = _noted(view).get("arguments", {})
        return _note(view, "arguments", {**known, "parameters": [*known.get("parameters", ()), dict(parameter)]})

    return document


def _noting(key: str, names: Sequence[str]) -> Callable[[View], View]:
    def document(view: View) -> View:
        known = _noted(view).get("manual_doc", {})
        return _note(view, "manual_doc", {**known, key: [*known.get(key, ()), *names]})

    return document


def _noted(view: View) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", getattr(view, "_apidoc", {}))


def _note(view: View, part: str, said: Mapping[str, Any]) -> View:
    """Write down what is said of a view where flask-smorest looks; what was there stays as it is."""
    view._apidoc = {**_noted(view), part: said}  # type: ignore[attr-defined]  # noqa: SLF001
    return view


def etag(version: object) -> dict[str, str]:
    """The header that names the version of what is answered."""
    return {"ETag": f'"{version}"'}


def require_match(version: object) -> None:
    """Go on only if the caller saw this version (``If-Match``). Raises ``Problem`` 428 or 412.

    RFC 6585, section 3; RFC 9110, section 13.1.1. A weak tag counts: proxies that compress weaken ours.
    """
    if "If-Match" not in request.headers:
        raise Problem(428, "version-required")
    if not request.if_match.contains_weak(str(version)):
        raise Problem(412, "version-stale")


def page_of(query: Mapping[str, Any]) -> Page:
    """The page that a loaded ``PageQuery`` asks for."""
    return Page(query["page"], query["limit"])


def paged(rows: Sequence[Row], page: Page) -> tuple[list[Row], dict[str, str]]:
    """The entries of ``page`` and the ``Link`` header (RFC 8288).

    ``rows`` begin at ``page.offset`` and are one more than ``page.size`` if there is a next page. Which page is the
    last one is only told on it: counting all rows would cost more than it is worth.
    """
    numbers = {"self": page.number, "first": 1}
    if page.number > 1:
        numbers["prev"] = page.number - 1
    if len(rows) > page.size:
        numbers["next"] = page.number + 1
    elif rows or page.number == 1:
        numbers["last"] = page.number
    links = ", ".join(f'<{_address(number)}>; rel="{relation}"' for relation, number in numbers.items())
    return list(rows[: page.size]), {"Link": links}


def part_of(rows: Sequence[Row], page: Page) -> tuple[list[Row], dict[str, str]]:
    """The entries of ``page`` in ``rows``, which are all there are, and the ``Link`` header."""
    return paged(rows[page.offset : page.offset + page.size + 1], page)


def _address(page_number: int) -> str:
    settings: Common = current_app.config["KRING_SETTINGS"]
    query = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
    return f"{settings.base_url}{request.path}?{urlencode([*query, ('page', page_number)])}"
