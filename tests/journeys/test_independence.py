"""Each service lives without the others."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.kring import ROOT, Kring, only, settle_all

SERVICES = ("catalog", "registration", "notifications")
ELSEWHERE = " and ".join(
    f"not {word}"
    for word in (
        *("servers", "postgresql", "judges", "every_program"),
        *("hostile", "histories", "lives", "stampede", "repeats", "test_access_matrix", "test_mail_server"),
    )
)
"""What starts servers or other programs stays out, and the long hunts: they meet no other service either."""

LEFT_OUT = shutil.ignore_patterns(
    "__pycache__", "test_everyone_at_once.py", "dovecot.py", "test_arrivals.py", "postfix.py", "test_postfix.py"
)
"""The stampede of all acts is judged by the checks of the fault suite, which know all services; and `deploy` starts the
mail servers of others."""

WITH_IT = ("__init__.py", "conftest.py", "together.py", "one_of_each.py", "grounds.py", "builders.py", "waiting.py")


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
@pytest.mark.parametrize("service", SERVICES)
def test_a_services_tests_pass_where_no_other_service_exists(service: str, tmp_path: Path) -> None:
    for folder in ("shared", f"services/{service}", f"tests/{service}", "tests/shared/calendar"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=LEFT_OUT)
    for file in ("pyproject.toml", "services/__init__.py", *(f"tests/{name}" for name in WITH_IT)):
        shutil.copy(ROOT / file, tmp_path / file)
    shutil.copy(ROOT / "tests/shared/__init__.py", tmp_path / "tests/shared")

    plugins = ["-p", "no:randomly", "-p", "tests.one_of_each"]  # another case would import nothing else
    done = subprocess.run(
        [sys.executable, "-m", "pytest", f"tests/{service}", "-q", "-x", *plugins, "-k", ELSEWHERE],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-3000:]
    assert " passed" in done.stdout
