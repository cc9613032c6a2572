"""Which texts are translated besides those marked in the code, as methods of extraction for Babel.

What operations of an API say of themselves (``**/api/**.py``, and the log that every service has): the docstrings of
the methods of HTTP become the summaries and descriptions of the OpenAPI document and of the page about it, so they are
wanted in Dutch too. And what tables say of personal data, for the page about privacy.
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


def extract_data_map(
    file: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Any
) -> Iterator[tuple[int, Any, Any, Any]]:
    """What Babel finds in a file of tables, and what it says of personal data: the privacy page shows that to people.

    The texts are those given to ``personal(…)``, also by the name of a constant of the file, and its defaults.
    """
    source = file.read()
    yield from extract_python(BytesIO(source), keywords, comment_tags, options)
    tree = ast.parse(source)
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        for value in _terms(node):
            said = constants.get(value.id) if isinstance(value, ast.Name) else value
            if isinstance(said, ast.Constant) and isinstance(said.value, str):
                yield said.lineno, "gettext", said.value, []


def _terms(node: ast.AST) -> list[ast.expr]:
    """What is given to ``personal``, or what it takes by itself."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "personal":
        return [*node.args, *(keyword.value for keyword in node.keywords)]
    if isinstance(node, ast.FunctionDef) and node.name == "personal":
        return [default for default in node.args.kw_defaults if default is not None]
    return []
