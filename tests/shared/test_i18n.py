import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from shared.i18n import Language, gettext, ngettext, speaking, translator
from shared.i18n.moments import clock_text, day_text, span_text

DUTCH = """
msgid "Seat %(place)s"
msgstr "Plek %(place)s"

msgid "%(num)s seat"
msgid_plural "%(num)s seats"
msgstr[0] "%(num)s plek"
msgstr[1] "%(num)s plekken"

msgid "At most {max} of {what}."
msgstr "Hoogstens {max} van {what}."
"""

CODE = """
from shared.i18n import gettext as _, ngettext
print(_("Seat %(place)s", place=3), ngettext("%(num)s seat", "%(num)s seats", 2))
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "services" / "demo"
    (folder / "translations").mkdir(parents=True)
    (folder / "templates" / "demo").mkdir(parents=True)
    (folder / "pages.py").write_text(CODE)
    (folder / "templates" / "demo" / "page.html").write_text("<p>{{ _('Hello') }}</p>")
    return folder


def run(command: str, root: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "shared.i18n", command, str(root)], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_dutch_is_read_from_the_package_and_english_is_the_code_itself(package: Path) -> None:
    (package / "translations" / "nl.po").write_text(DUTCH)
    with speaking(translator("nl", package / "translations")):
        assert gettext("Seat %(place)s", place=3) == "Plek 3"
        assert [ngettext("%(num)s seat", "%(num)s seats", n) for n in (0, 1, 2)] == ["0 plekken", "1 plek", "2 plekken"]
        assert gettext("Meetings") == "Bijeenkomsten"
    assert gettext("Seat %(place)s", place=3) == "Seat 3"


def test_a_text_that_a_library_filled_in_is_found_back(package: Path) -> None:
    (package / "translations" / "nl.po").write_text(DUTCH)
    dutch = translator("nl", package / "translations")
    assert dutch.reword("At most 3 of a, b.") == "Hoogstens 3 van a, b."
    assert dutch.reword("Must be greater than or equal to 1 and less than or equal to 9.") == (
        "Geef een getal van 1 tot en met 9."
    )
    assert dutch.reword("Must be greater than or equal to 1.") == "Geef 1 of meer."
    assert dutch.reword("Something else.") == "Something else."


def test_the_check_names_what_is_missing_empty_doubtful_unused_or_would_break(package: Path) -> None:
    root, po = package.parent.parent, package / "translations" / "nl.po"
    status, said = run("check", root)
    assert status == 1
    assert "missing: 'Hello'" in said
    assert "missing: 'Seat %(place)s'" in said

    po.write_text('msgid "Hello"\nmsgstr ""\n\n#, fuzzy\nmsgid "Seat %(place)s"\nmsgstr "Plek %(plaats)s"\n')
    assert "empty: 'Hello'" in run("check", root)[1]
    assert "fuzzy: 'Seat %(place)s'" in run("check", root)[1]

    po.write_text('msgid "Bye"\nmsgstr "Dag"\n\nmsgid "Seat %(place)s"\nmsgstr "Plek %(plaats)s"\n')
    assert "unused: 'Bye'" in run("check", root)[1]
    assert "other placeholders: 'Seat %(place)s'" in run("check", root)[1]


def test_update_adds_what_is_missing_and_keeps_what_stands_there(package: Path) -> None:
    root, po = package.parent.parent, package / "translations" / "nl.po"
    po.write_text('msgid "Hello"\nmsgstr "Hallo"\n')
    assert "2 added" in run("update", root)[1]
    assert run("update", root) == (0, "")
    assert "empty: 'Seat %(place)s'" in run("check", root)[1]
    filled = po.read_text().replace(
        'msgid "Seat %(place)s"\nmsgstr ""', 'msgid "Seat %(place)s"\nmsgstr "Plek %(place)s"'
    )
    po.write_text(filled.replace('msgstr[0] ""\nmsgstr[1] ""', 'msgstr[0] "%(num)s plek"\nmsgstr[1] "%(num)s plekken"'))
    assert run("check", root) == (0, "")
    assert 'msgstr "Hallo"' in po.read_text()


def test_our_own_frame_is_fully_dutch(tmp_path: Path) -> None:
    (tmp_path / "shared").symlink_to(Path(__file__).parents[2] / "shared")
    assert run("check", tmp_path) == (0, "")


@pytest.mark.parametrize(
    ("language", "zone", "said"),
    [
        ("nl", "Europe/Amsterdam", "zaterdag 12 juni 2027, 14.00\N{EN DASH}17.00 uur"),
        ("en", "Europe/Amsterdam", "Saturday 12 June 2027, 14:00\N{EN DASH}17:00"),
        ("nl", "Europe/Lisbon", "zaterdag 12 juni 2027, 13.00\N{EN DASH}16.00 uur (Lisbon)"),
    ],
)
def test_times_are_said_in_the_readers_form(language: Language, zone: str, said: str) -> None:
    starts_at, ends_at = datetime(2027, 6, 12, 12, tzinfo=UTC), datetime(2027, 6, 12, 15, tzinfo=UTC)
    assert span_text(starts_at, ends_at, language, zone) == said


def test_more_days_are_said_in_full() -> None:
    starts_at, ends_at = datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 25, 12, tzinfo=UTC)
    assert span_text(starts_at, ends_at, "nl") == (
        "zaterdag 24 oktober 2026, 14.00 uur \N{EN DASH} zondag 25 oktober 2026, 13.00 uur"
    )
    assert clock_text(starts_at, "nl") == "14.00 uur"
    assert day_text(date(2027, 6, 12), "en") == "Saturday 12 June 2027"
