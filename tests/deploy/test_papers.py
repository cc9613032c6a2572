"""The drafts for the register and the DPIA say what is really kept, as long as it is kept here, in both languages."""

import re
from typing import get_args

import pytest
from click.testing import CliRunner

from deploy.papers.__main__ import main, paper
from deploy.papers.kept import parts
from services.registration.tables import metadata
from shared.db.data_map import data_map
from shared.i18n import Language
from shared.periods import Periods


@pytest.mark.parametrize("language", get_args(Language))
def test_the_register_names_every_purpose_with_its_ground_and_term(language: Language) -> None:
    register = paper("register", language, Periods(needs=3))

    for part in parts(language, Periods(needs=3)):
        for line in part.lines:
            row = next(row for row in register.splitlines() if line.purpose in row and line.kept in row)
            assert row.count("|") == 6
            assert line.ground in row
            assert line.keep in row
    assert ("3 dagen" if language == "nl" else "3 days") in register, "as this installation set it"
    assert "%(" not in register


def test_nothing_that_is_kept_is_left_out() -> None:
    (registration,) = (part for part in parts("en", Periods()) if part.name == "registration")
    purposes = {each.terms.purpose for each in data_map(metadata)}

    assert purposes == {line.purpose for line in registration.lines}


@pytest.mark.parametrize("name", ["register", "dpia"])
def test_both_languages_say_as_much(name: str) -> None:
    drafts = [paper(name, language, Periods()) for language in get_args(Language)]
    shapes = [re.findall(r"^#+|^\||^- ", draft, re.MULTILINE) for draft in drafts]

    assert shapes[0] == shapes[1]
    assert all("«" in draft for draft in drafts), "what only the organisation knows"


def test_a_command_prints_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEEP_MAIL_DAYS", "14")
    done = CliRunner().invoke(main, ["register", "--language", "en"])
    assert done.exit_code == 0
    assert "14 days" in done.output

    monkeypatch.setenv("KEEP_MAIL_DAYS", "soon")
    assert "KEEP_MAIL_DAYS" in CliRunner().invoke(main, ["dpia"]).output
