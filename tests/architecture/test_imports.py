"""The import rules hold, and each of them notices when it is broken."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent

WRONG = {
    "shared knows a service": ("houses", "shared/stray.py", "import services.catalog"),
    "a service knows how it is deployed": ("houses", "services/catalog/api/stray.py", "import deploy"),
    "a service knows another": ("strangers", "services/catalog/actions/stray.py", "import services.registration"),
    "an action knows a page": ("floors", "services/catalog/actions/stray.py", "import services.catalog.pages.stray"),
    "a rule looks something up": ("floors", "services/catalog/rules/stray.py", "import services.catalog.queries"),
    "a door opens another door": ("floors", "services/catalog/api/stray.py", "import services.catalog.pages.stray"),
    "a file without a floor": ("floors", "services/catalog/helpers.py", ""),
    "an action reads settings": ("settings", "services/catalog/actions/stray.py", "import services.catalog.settings"),
    "a rule uses the database": ("rules", "services/catalog/rules/stray.py", "import sqlalchemy.orm"),
    "a rule uses the database by a detour": ("rules", "services/catalog/rules/stray.py", "import shared.db.engine"),
    "a rule uses the web": ("rules", "services/catalog/rules/stray.py", "from flask import request"),
    "an action publishes by itself": ("kombu", "services/catalog/actions/stray.py", "import kombu"),
    "shared has a second broker": ("kombu", "shared/bus/stray.py", "from kombu.mixins import ConsumerMixin"),
    "a service writes calendars itself": ("icalendar", "services/catalog/feeds/stray.py", "import icalendar"),
    "a service uses the operators' library": ("pika", "services/catalog/post/stray.py", "import pika"),
}

CLOCKS = {
    "now": "from datetime import UTC, datetime\n\nNOW = datetime.now(UTC)\n",
    "today": "import datetime\n\nTODAY = datetime.date.today()\n",
    "time": "import time\n\nNOW = time.time()\n",
    "our own": "from shared.times import utc_now\n\nNOW = utc_now()\n",
}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the house in which anything may be broken."""
    for part in ("services", "shared", "deploy", "tests"):
        shutil.copytree(
            REPOSITORY / part,
            tmp_path / part,
            ignore=shutil.ignore_patterns("__pycache__", "static", "*.json", "*.ics"),
        )
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    return tmp_path


def _write(house: Path, path: str, text: str) -> None:
    (house / path).parent.mkdir(parents=True, exist_ok=True)
    (house / path).parent.joinpath("__init__.py").touch()
    (house / path).write_text(text + "\n")


def _lint_imports(house: Path, *contract: str) -> subprocess.CompletedProcess[str]:
    choice = [f"--contract={name}" for name in contract]
    return subprocess.run(
        [PROGRAMS / "lint-imports", "--no-logo", "--no-cache", *choice],
        cwd=house,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_house_as_it_stands_breaks_no_rule(house: Path) -> None:
    found = _lint_imports(house)

    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize(("contract", "path", "statement"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_import_is_noticed(house: Path, contract: str, path: str, statement: str) -> None:
    _write(house, "services/catalog/pages/stray.py", "")
    _write(house, path, statement)

    found = _lint_imports(house, contract)

    assert "0 kept, 1 broken" in found.stdout, found.stdout
    assert "stray" in found.stdout or "helpers" in found.stdout


@pytest.mark.parametrize("source", CLOCKS.values(), ids=CLOCKS.keys())
@pytest.mark.parametrize("floor", ["rules", "actions"])
def test_a_clock_below_the_doors_is_noticed(house: Path, floor: str, source: str) -> None:
    _write(house, f"services/catalog/{floor}/stray.py", source)

    found = subprocess.run(
        [PROGRAMS / "ruff", "check", "--no-cache", "--select=TID251", "services"],
        cwd=house,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "stray.py" in found.stdout
    assert "A clock" in found.stdout


def test_a_start_does_not_load_what_only_a_download_needs() -> None:
    program = "import sys, services.registration.__main__; print(sys.modules.keys() & {'fpdf', 'xlsxwriter'})"

    loaded = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=True)

    assert loaded.stdout == "set()\n"
