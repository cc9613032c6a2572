"""README and docs: what they link to is there, the command makes the pictures, and both languages say as much."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from shared.release import RELEASED_ON, VERSION
from tests.browser.screenshots import PICTURES, SHOWN

REPOSITORY = Path(__file__).parents[2]
PAGES = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").rglob("*.md"))]
_LINK = re.compile(r"\]\(([^)\s]+)\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_every_link_leads_somewhere(page: Path) -> None:
    links = [link.partition("#")[0] for link in _LINK.findall(page.read_text()) if ":" not in link]
    assert [link for link in links if link and not (page.parent / link).exists()] == []


def test_every_picture_is_shown_and_made_by_the_command() -> None:
    shown = {Path(link).stem for page in PAGES for link in _LINK.findall(page.read_text()) if "screenshots/" in link}
    assert shown == {picture.stem for picture in PICTURES.iterdir()} == {*SHOWN, "phone"}


@pytest.mark.parametrize(("dutch", "english"), [("deelnemers", "participants"), ("organisatoren", "organisers")])
def test_both_languages_have_the_same_parts_and_pictures(dutch: str, english: str) -> None:
    texts = [(REPOSITORY / f"docs/{name}.md").read_text() for name in (dutch, english)]
    parts = [re.findall(r"^#+|\(screenshots/.+?\)|^- ", text, re.MULTILINE) for text in texts]
    assert parts[0] == parts[1]


def test_the_release_is_the_one_that_is_announced() -> None:
    announced = yaml.safe_load((REPOSITORY / "publiccode.yml").read_text())
    packaged = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["version"]
    assert (announced["softwareVersion"], str(announced["releaseDate"])) == (VERSION, RELEASED_ON.isoformat())
    assert packaged == VERSION


def test_every_decision_has_a_number_of_its_own() -> None:
    pages = sorted((REPOSITORY / "docs/decisions").glob("*.md"))
    numbers = [page.name.partition("-")[0] for page in pages]
    assert numbers == [f"{number:04}" for number in range(1, len(pages) + 1)]
    assert [page.read_text().split()[1] for page in pages] == numbers
