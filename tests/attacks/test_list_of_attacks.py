"""docs/attacks.md tells the truth: what it names is there, and no published hole with a test is left out."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIST = (ROOT / "docs" / "attacks.md").read_text()
NAMED = (
    "CVE-2026-28352",
    "CVE-2024-25634",
    "CVE-2023-2258",
    "CVE-2023-2259",
    "CVE-2025-53640",
    "CVE-2026-9712",
    "CVE-2026-2415",
    "CVE-2024-8113",
    "CVE-2026-25738",
    "CVE-2024-25628",
    "CVE-2026-9349",
    "CVE-2023-2796",
)
"""The holes that were asked for by name."""


def functions_in(file: Path) -> set[str]:
    tree = ast.parse(file.read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_every_test_that_is_named_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", LIST)
    assert len(named) > 60
    assert [f"{file}::{name}" for file, name in named if name not in functions_in(ROOT / file)] == []


def test_every_place_that_is_named_exists() -> None:
    places = re.findall(r"`((?:shared|services|deploy)/[\w/.]+)`", LIST)
    assert [place for place in places if not (ROOT / place).exists()] == []


def test_every_published_hole_has_its_test_and_every_such_test_is_listed() -> None:
    lines = [line for line in LIST.splitlines() if line.startswith("| CVE-")]
    rows = {cve: line for line in lines for cve in re.findall(r"CVE-\d+-\d+", line.split("|")[1])}
    assert [cve for cve in NAMED if f"::test_cve_{cve[4:].replace('-', '_')}_" not in rows.get(cve, "")] == []
    ours = {name for file in Path(__file__).parent.glob("test_*.py") for name in functions_in(file) if "_cve_" in name}
    assert [name for name in ours if f"::{name}`" not in LIST] == []
