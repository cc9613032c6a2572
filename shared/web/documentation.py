"""Where an API is explained: ``openapi.json`` for programs, pages for people, a page for each type of problem."""

import json
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, jsonify, render_template
from werkzeug.exceptions import NotFound

from shared.i18n import gettext
from shared.release import RELEASED_ON
from shared.web.access import verb
from shared.web.cors import open_to_other_sites
from shared.web.problem_types import problem_types_of


def add_documentation(app: Flask, describe: Callable[[], dict[str, Any]], prefix: str) -> None:
    """Let ``app`` answer ``{prefix}/v1/openapi.json``, ``{prefix}/v1/docs`` and ``{prefix}/problems/…``.

    ``describe`` gives the OpenAPI document in the language of the request.
    """
    words = {"prefix": prefix, "translated": gettext, "updated_on": RELEASED_ON}

    @app.get(f"{prefix}/v1/openapi.json")
    @verb("reference.read")
    def openapi() -> Response:
        """Give the description of this API (OpenAPI 3.1), readable from any site."""
        response = jsonify(describe())
        response.add_etag()
        response.vary.update(("Accept-Language", "Cookie"))
        return open_to_other_sites(response)

    @app.get(f"{prefix}/v1/docs")
    @verb("reference.read")
    def docs() -> str:
        """Give the same for people."""
        return render_template(
            "frame/docs.html",
            spec=describe(),
            prefix=prefix,
            types=problem_types_of(app),
            pretty=_pretty,
            updated_on=RELEASED_ON,
        )

    @app.get(f"{prefix}/problems")
    @verb("page.read")
    def problem_types() -> str:
        """List all types of problems."""
        return render_template("frame/problems.html", types=problem_types_of(app).values(), **words)

    @app.get(f"{prefix}/problems/<name>")
    @verb("page.read")
    def problem_type(name: str) -> str:
        """Explain one: its address is what a problem document calls ``type``."""
        found = problem_types_of(app).get(name)
        if found is None:
            raise NotFound
        return render_template("frame/problem.html", type=found, **words)


def _pretty(document: Any) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False)
