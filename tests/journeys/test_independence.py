"""Each service lives without the others."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.apart import APART, IN_THE_HOUSE, WITHOUT
from tests.journeys.kring import ROOT, Kring, only, settle_all

SERVICES = ("catalog", "registration", "notifications")
LEFT_OUT = shutil.ignore_patterns("*.pyc.*", "dovecot.py", "postfix.py", *WITHOUT)
"""What was compiled already goes along, but for files of which the writing is under way."""
WITH_IT = (
    *("__init__.py", "conftest.py", "together.py", "apart.py"),
    *("grounds.py", "tampering.py", "builders.py", "waiting.py"),
)


def test_while_notifications_is_stopped_people_sign_up_and_the_mail_lands_later(kring: Kring) -> None:
    meeting = kring.publish(seatPlan={"capacity": 1})
    others = (kring.assembly.catalog, kring.assembly.registration)

    answers = [kring.sign_up(meeting, name) for name in ("Anna", "Bram")]
    settle_all(*others)

    assert [answer.status_code for answer in answers] == [201, 201]
    assert kring.all_mail() == []
    mails = kring.new_mail()
    assert only(mails, "anna@gemeente.example").entry.method == "REQUEST"
    assert only(mails, "bram@gemeente.example").calendars == []


@pytest.mark.long
@pytest.mark.usefixtures("_named_servers")  # else it would start a PostgreSQL and a RabbitMQ of its own
@pytest.mark.parametrize("service", SERVICES)
def test_a_services_tests_pass_where_no_other_service_exists(
    service: str, tmp_path: Path, request: pytest.FixtureRequest, subtests: pytest.Subtests
) -> None:
    for folder in ("shared", f"services/{service}", f"tests/{service}", "tests/shared/calendar"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=LEFT_OUT)
    for file in ("pyproject.toml", "services/__init__.py", *(f"tests/{name}" for name in WITH_IT)):
        shutil.copy(ROOT / file, tmp_path / file)
    shutil.copy(ROOT / "tests/shared/__init__.py", tmp_path / "tests/shared")

    chosen = " and ".join(f"not {word}" for word in IN_THE_HOUSE)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", f"tests/{service}", "-rp", "-k", chosen],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=3600,
        check=False,
    )

    ended, passed = done.returncode, set(re.findall(r"^PASSED (.+)$", done.stdout, re.MULTILINE))
    assert ended == 0, re.sub(r"^PASSED .+\n", "", done.stdout, flags=re.MULTILINE)
    assert passed
    for test in sorted(request.config.stash[APART][service] or passed):
        with subtests.test(test):
            assert test in passed, "it did not run"
