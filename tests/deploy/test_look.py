"""The look is brought by npm where that is possible, thinned to what pages use, and never keeps Kring from starting."""

import os
import re
import shutil
import subprocess
import sys
from gzip import compress
from pathlib import Path

from deploy.look import FRAME, ROOT, names_of_packages, stylesheet
from deploy.stylesheet import used_part

BUTTONS = """
/* of somebody */
.button { color: var(--button-color, black); margin: var(--nobody-sets-this); --inner: 1px; padding: var(--inner, 2px) }
.button:hover, .link:hover { color: var(--never, var(--button-hover-color)) }
.chip { color: var(--chip-color) }
@media print { .button { display: none } .chip { display: none } }
"""
TOKENS = """.some-theme {
  --button-color: var(--ink); --button-hover-color: var(--ink); --ink: #123; --chip-color: red; --unused: 1px;
}"""


def test_of_a_design_system_only_what_pages_use_is_kept_and_every_detour_is_cut_short() -> None:
    assert used_part([BUTTONS], TOKENS, {"button"}).splitlines() == [
        ":root{--button-color:var(--ink);--button-hover-color:var(--ink);--ink:#123}",
        ".button{color:var(--button-color);--inner:1px;padding:var(--inner,2px)}",
        ".button:hover{color:var(--button-hover-color)}",
        "@media print{.button{display:none}}",
    ]


def test_a_token_is_kept_for_what_stands_beside_and_what_that_sets_counts_as_set() -> None:
    beside = ":root { --nobody-sets-this: 3px } p { color: var(--chip-color) }"
    root, button, *_ = used_part([BUTTONS], TOKENS, {"button"}, beside).splitlines()
    assert "--chip-color:red" in root
    assert "margin:var(--nobody-sets-this)" in button


def test_what_is_brought_is_small_and_leads_to_no_other_site() -> None:
    brought = stylesheet(ROOT / "node_modules", names_of_packages())
    assert ".utrecht-button{" in brought
    assert ".utrecht-textbox--invalid{" in brought
    assert ".utrecht-button--busy" not in brought
    assert len(compress(brought.encode())) <= 15_000
    assert not re.search(r"url\(|@import|https?:", brought)


def test_without_npm_the_pages_do_without_and_one_line_says_so(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "deploy", tmp_path / "deploy", ignore=shutil.ignore_patterns("__pycache__"))
    web = FRAME.relative_to(ROOT)
    shutil.copytree(FRAME, tmp_path / web, ignore=shutil.ignore_patterns("vendor", "__pycache__"))
    shutil.copy(ROOT / "package-lock.json", tmp_path)

    done = subprocess.run(
        [sys.executable, "-m", "deploy.look"],
        cwd=tmp_path,
        env={**os.environ, "PATH": "/nowhere"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.count("\n") == 1
    assert "npm" in done.stdout
    assert not (tmp_path / web / "static" / "vendor").exists()
