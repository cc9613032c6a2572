"""docs/operations.md tells the truth of tests and targets, and the list of packages is that of the lock."""

import ast
import json
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()


def functions_in(file: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.FunctionDef)}


def test_every_test_of_the_map_of_controls_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", OPERATIONS)

    assert len(named) > 20
    assert [f"{file}::{name}" for file, name in named if name not in functions_in(ROOT / file)] == []


def test_every_target_that_is_named_is_in_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        word
        for words in re.findall(r"(?:`|^)make ([a-z ]+?)(?=[`A-Z]|  |$)", OPERATIONS, re.MULTILINE)
        for word in words.split()
    }

    assert named - targets == set()


def test_the_bill_of_materials_names_every_package_of_the_lock() -> None:
    made = subprocess.run(["make", "--silent", "sbom"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    bill = json.loads((ROOT / "build" / "sbom.json").read_text())
    locked = dict(
        re.findall(
            r"^([a-z0-9-]+)(?:\[\w+\])?==([\w.]+)", (ROOT / "requirements" / "run.txt").read_text(), re.MULTILINE
        )
    )

    assert bill["bomFormat"] == "CycloneDX"
    listed = {part["name"].lower().replace("_", "-").replace(".", "-"): part["version"] for part in bill["components"]}
    assert listed == {name.replace(".", "-"): version for name, version in locked.items()}
