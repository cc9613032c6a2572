"""``python -m shared.i18n check``: is every text translated? ``update``: write the missing ones into the ``.po`` files.

A package (``shared`` and each of ``services``) has its own ``translations/nl.po``; texts of ``shared`` serve all.
"""

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from shared.i18n.extraction import extract_api, extract_data_map

_METHODS: list[tuple[str, Any]] = [
    ("**/api/**.py", extract_api),
    ("**/web/audit.py", extract_api),
    ("**/tables/**.py", extract_data_map),
    ("**/db/base.py", extract_data_map),
    ("**.py", "python"),
    ("**/templates/**.*", "jinja2"),
]
_OPTIONS = {"**/templates/**.*": {"silent": "false", "trimmed": "true"}}
_HEADER = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Language: nl\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
_PLACEHOLDER = re.compile(r"%\(\w+\)\w|\{\w+\}")

Text = str | tuple[str, ...]

_root = click.argument("root", type=click.Path(path_type=Path, file_okay=False), default=Path())


@click.group()
def main() -> None:
    """Keep the Dutch texts complete."""


@main.command()
@_root
def check(root: Path) -> None:
    """Fail if a text in ROOT has no Dutch translation, or an empty, doubtful or unused one."""
    faults = list(faults_in(root))
    for fault in faults:
        click.echo(fault, err=True)
    sys.exit(1 if faults else 0)


@main.command()
@_root
def update(root: Path) -> None:
    """Add the texts in ROOT that have no translation yet to their package's nl.po, empty, to be filled in."""
    for package in _packages(root):
        missing = _used(package) - _known(package) - (set() if package.name == "shared" else _known(root / "shared"))
        if missing:
            _add(_po(package), missing)
            click.echo(f"{_po(package)}: {len(missing)} added")


def faults_in(root: Path) -> Iterator[str]:
    """What is wrong with the translations under ``root``, one sentence each."""
    common = _known(root / "shared")
    for package in _packages(root):
        used, known, path = _used(package), _known(package), _po(package)
        yield from (f"{path}: missing: {text!r}" for text in sorted(used - known - common, key=str))
        yield from (f"{path}: unused: {text!r}" for text in sorted(known - used, key=str))
        for message in _catalog(path):
            if message.id and (fault := _fault(message)):
                yield f"{path}: {fault}: {message.id!r}"


def _fault(message: Message) -> str | None:
    """What is wrong with one translation."""
    forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
    ids = [message.id] if isinstance(message.id, str) else list(message.id)
    if not all(forms):
        return "empty"
    if message.fuzzy:
        return "fuzzy"
    wanted = set(_PLACEHOLDER.findall(" ".join(ids)))
    return None if all(set(_PLACEHOLDER.findall(form)) <= wanted for form in forms) else "other placeholders"


def _packages(root: Path) -> list[Path]:
    """``shared`` first, then the services."""
    return [root / "shared", *sorted(folder for folder in (root / "services").glob("*") if folder.is_dir())]


def _po(package: Path) -> Path:
    return package / "translations" / "nl.po"


def _used(package: Path) -> set[Text]:
    """The texts in a package's code and templates."""
    found = extract_from_dir(str(package), _METHODS, _OPTIONS)
    return {text if isinstance(text, str) else tuple(text) for _file, _line, text, _comments, _context in found}


def _known(package: Path) -> set[Text]:
    return {
        message.id if isinstance(message.id, str) else tuple(message.id)
        for message in _catalog(_po(package))
        if message.id
    }


def _catalog(path: Path) -> Catalog:
    if not path.exists():
        return Catalog(locale="nl")
    with path.open("rb") as file:
        return read_po(file, locale="nl", abort_invalid=True)


def _add(path: Path, texts: set[Text]) -> None:
    catalog = _catalog(path)
    for text in sorted(texts, key=str):
        catalog.add(text)
    written = BytesIO()
    write_po(written, catalog, width=120, omit_header=True)
    path.parent.mkdir(exist_ok=True)
    path.write_text(_HEADER + written.getvalue().decode(), encoding="utf-8")


if __name__ == "__main__":
    main()
