"""Which texts of an API are translated besides those marked in the code: what its operations say of themselves.

A method of extraction for Babel, for ``**/api/**.py``: the docstrings of the methods of HTTP become the summaries and
descriptions of the OpenAPI document and of the page about it, so they are wanted in Dutch too.
"""

import ast
from collections.abc import Collection, Iterator, Mapping
from io import BytesIO
from typing import IO, Any

from babel.messages.extract import extract_python

_METHODS = {"get", "post", "put", "patch", "delete"}


def extract_api(
    file: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Any
) -> Iterator[tuple[int, Any, Any, Any]]:
    """What Babel finds in Python code, and the paragraphs of those docstrings, each on one line and without marks."""
    source = file.read()
    yield from extract_python(BytesIO(source), keywords, comment_tags, options)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and node.name in _METHODS:
            summary, _blank, description = (ast.get_docstring(node) or "").partition("\n\n")
            for paragraph in filter(None, (summary, description)):
                yield node.lineno, "gettext", " ".join(paragraph.replace("``", "").split()), []
